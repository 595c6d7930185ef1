# OpenBLAS in the variant with threads, held to one (topograph/linalg/blas.hpp): Debian's serial
# variant hands out its work buffers without a lock, so that calls from several threads spoil each
# other's results once in some ten thousand.
file(GLOB _openblas_dirs "/usr/lib/*/openblas-pthread")
find_library(OPENBLAS_LIBRARY openblas HINTS ${_openblas_dirs} NO_DEFAULT_PATH)
find_library(OPENBLAS_LIBRARY openblas)
find_path(OPENBLAS_INCLUDE_DIR cblas.h PATH_SUFFIXES openblas-pthread
          HINTS "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenBlas REQUIRED_VARS OPENBLAS_LIBRARY OPENBLAS_INCLUDE_DIR)
if(NOT TARGET OpenBlas::openblas)
  add_library(OpenBlas::openblas UNKNOWN IMPORTED)
  set_target_properties(OpenBlas::openblas PROPERTIES IMPORTED_LOCATION "${OPENBLAS_LIBRARY}")
  target_include_directories(OpenBlas::openblas SYSTEM INTERFACE "${OPENBLAS_INCLUDE_DIR}")
endif()
