# Compiler settings and the one rule for a source folder.

find_program(QN_CCACHE ccache)
if(QN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${QN_CCACHE})
endif()

find_program(QN_MOLD mold)
if(QN_MOLD AND NOT QN_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()

if(QN_SANITIZE)
  add_compile_options(-fsanitize=${QN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${QN_SANITIZE})
  if(QN_SANITIZE MATCHES thread)
    # Asio's fences are beside the locks that ThreadSanitizer understands.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
  # clang 14 cannot place that check's data in front of a coroutine.
  add_compile_options($<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
endif()
if(QN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Warnings are errors in our own code. A second argument names another target
# whose precompiled header to use.
function(qn_common target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wswitch -Werror
    # g++ 12 reports false positives inside the standard library's string and
    # optional when coroutines inline them.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
      -Wno-array-bounds -Wno-stringop-overread -Wno-dangling-pointer -Wno-free-nonheap-object
      -Wno-mismatched-new-delete>)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  set(pch qn_pch ${ARGN})
  list(GET pch -1 pch)
  if(TARGET ${pch} AND NOT target STREQUAL pch)
    target_precompile_headers(${target} REUSE_FROM ${pch})
  endif()
endfunction()

# The precompiled header every target shares. It has a target of its own because
# compilers want the macros of its users to be the same: hence also the definition
# that only hiredis asks for.
function(qn_precompiled_header)
  if(NOT QN_PCH)
    return()
  endif()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/pch.cc CONTENT "")
  add_library(qn_pch OBJECT ${PROJECT_BINARY_DIR}/generated/pch.cc)
  target_link_libraries(qn_pch PRIVATE qn_asio)
  qn_common(qn_pch)
  target_precompile_headers(qn_pch PRIVATE ${PROJECT_SOURCE_DIR}/cmake/pch.h)
endfunction()

# qn_folder(name LINKS other...): src/<name>/**.cc as the library qn_<name>.
# Files named *_test.cc are not part of it: tests/ collects them.
function(qn_folder name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/main\\.cc$")
  add_library(qn_${name} STATIC ${sources})
  foreach(link ${ARG_LINKS})
    target_link_libraries(qn_${name} PUBLIC qn_${link})
  endforeach()
  qn_common(qn_${name})
endfunction()
