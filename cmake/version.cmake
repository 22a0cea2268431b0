# qn_version(target): app/version.h with the project's version and the commit it
# was configured at.
function(qn_version target)
  execute_process(
    COMMAND git -C ${PROJECT_SOURCE_DIR} rev-parse --short=9 HEAD
    OUTPUT_VARIABLE QN_GIT_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE failed ERROR_QUIET)
  if(failed)
    set(QN_GIT_COMMIT "")
  endif()
  configure_file(${PROJECT_SOURCE_DIR}/src/app/version.h.in
                 ${PROJECT_BINARY_DIR}/generated/include/app/version.h @ONLY)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated/include)
endfunction()
