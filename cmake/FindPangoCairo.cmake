# Cairo draws the figures, Pango shapes their text; pangocairo pulls in both.
find_package(PkgConfig REQUIRED)
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo>=1.50 cairo>=1.16)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PangoCairo REQUIRED_VARS PANGOCAIRO_LIBRARIES
                                  VERSION_VAR PANGOCAIRO_pangocairo_VERSION)
if(NOT TARGET Pango::cairo)
  add_library(Pango::cairo INTERFACE IMPORTED)
  set_target_properties(Pango::cairo PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${PANGOCAIRO_INCLUDE_DIRS}"
    INTERFACE_LINK_LIBRARIES "${PANGOCAIRO_LINK_LIBRARIES}")
endif()
