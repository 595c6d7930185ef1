# topograph_embed_assets(<target> NAMESPACE <ns> FILES <file>...): compiles files into a target as
# `std::string_view` functions, one a file: web/dist/report.css becomes <ns>::report_css().
# No tool beside CMake is needed; the same file is also the script that writes the source.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(TOPOGRAPH_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")
  function(topograph_embed_assets target)
    cmake_parse_arguments(EMBED "" "NAMESPACE" "FILES" ${ARGN})
    foreach(file IN LISTS EMBED_FILES)
      get_filename_component(name "${file}" NAME)
      string(MAKE_C_IDENTIFIER "${name}" symbol)
      set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp")
      add_custom_command(
        OUTPUT "${output}"
        COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${output} -DSYMBOL=${symbol}
                -DNAMESPACE=${EMBED_NAMESPACE} -P "${TOPOGRAPH_EMBED_SCRIPT}"
        DEPENDS "${file}" "${TOPOGRAPH_EMBED_SCRIPT}"
        COMMENT "Embedding ${name}" VERBATIM)
      target_sources(${target} PRIVATE "${output}")
    endforeach()
  endfunction()
  return()
endif()

file(READ "${INPUT}" bytes HEX)
string(LENGTH "${bytes}" n_digits)
math(EXPR n_bytes "${n_digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
# Compilers and people both dislike one line of a megabyte.
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
       "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}"
"#include <string_view>\n\n"
"namespace ${NAMESPACE} {\n"
"namespace {\n"
"constexpr unsigned char bytes[] = {\n${bytes}0x00};\n"
"}  // namespace\n"
"std::string_view ${SYMBOL}();\n"
"std::string_view ${SYMBOL}() {\n"
"  return {reinterpret_cast<const char*>(bytes), ${n_bytes}};\n"
"}\n"
"}  // namespace ${NAMESPACE}\n")
