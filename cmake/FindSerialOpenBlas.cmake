# OpenBLAS without threads of its own: topograph calls it from its own tasks.
file(GLOB _serial_dirs "/usr/lib/*/openblas-serial")
find_library(SERIAL_OPENBLAS_LIBRARY openblas HINTS ${_serial_dirs})
find_path(SERIAL_OPENBLAS_INCLUDE_DIR cblas.h PATH_SUFFIXES openblas-serial
          HINTS "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-serial")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SerialOpenBlas REQUIRED_VARS SERIAL_OPENBLAS_LIBRARY
                                  SERIAL_OPENBLAS_INCLUDE_DIR)
if(NOT TARGET SerialOpenBlas::openblas)
  add_library(SerialOpenBlas::openblas UNKNOWN IMPORTED)
  set_target_properties(SerialOpenBlas::openblas PROPERTIES IMPORTED_LOCATION
                                                            "${SERIAL_OPENBLAS_LIBRARY}")
  target_include_directories(SerialOpenBlas::openblas SYSTEM INTERFACE
                             "${SERIAL_OPENBLAS_INCLUDE_DIR}")
endif()
