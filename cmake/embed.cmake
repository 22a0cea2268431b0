# qn_embed_migrations(target): src/store/migrations/NNNN_name.sql as C++ text,
# declared in store/migrations.h.
function(qn_embed_migrations target)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/store/migrations/*.sql)
  set(out ${PROJECT_BINARY_DIR}/generated/migrations.cc)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DFILES=${files}"
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()

# qn_embed_console(target): templates, stylesheets, scripts and icons of the
# administration console, declared in console/asset_table.h and templates.h.
# Bootstrap and Font Awesome come from web/node_modules ("npm ci" in web/).
function(qn_embed_console target)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(web ${PROJECT_SOURCE_DIR}/web)
  set(vendor ${web}/node_modules/bootstrap/dist/css/bootstrap.min.css
             ${web}/node_modules/font-awesome/css/font-awesome.min.css)
  foreach(file ${vendor})
    if(NOT EXISTS ${file})
      message(FATAL_ERROR "${file} is missing: build with ./dev build, or run "
                          "\"npm ci --omit=dev\" in web/")
    endif()
  endforeach()
  set(folder ${PROJECT_SOURCE_DIR}/src/console)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/assets/* ${folder}/templates/*.mustache)
  set(out ${PROJECT_BINARY_DIR}/generated/console)
  add_custom_command(
    OUTPUT ${out}/console_assets.cc ${out}/console_templates.cc
    BYPRODUCTS ${out}/assets.bin
    COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/cmake/embed_console.py ${out}
            ${folder}/assets ${folder}/templates ${web}
    DEPENDS ${files} ${vendor} ${PROJECT_SOURCE_DIR}/cmake/embed_console.py
    VERBATIM)
  target_sources(${target} PRIVATE ${out}/console_assets.cc ${out}/console_templates.cc)
endfunction()
