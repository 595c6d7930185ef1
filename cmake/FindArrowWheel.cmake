# Arrow and Parquet C++ as the pyarrow wheel ships them: versioned libraries without a CMake config.
file(GLOB _arrow "${TOPOGRAPH_SITE_PACKAGES}/pyarrow/libarrow.so.*")
file(GLOB _parquet "${TOPOGRAPH_SITE_PACKAGES}/pyarrow/libparquet.so.*")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ArrowWheel REQUIRED_VARS _arrow _parquet)
foreach(_name arrow parquet)
  if(NOT TARGET ArrowWheel::${_name})
    list(GET _${_name} 0 _library)
    add_library(ArrowWheel::${_name} SHARED IMPORTED)
    set_target_properties(ArrowWheel::${_name} PROPERTIES IMPORTED_LOCATION "${_library}")
    target_include_directories(ArrowWheel::${_name} SYSTEM INTERFACE
                               "${TOPOGRAPH_SITE_PACKAGES}/pyarrow/include")
  endif()
endforeach()
