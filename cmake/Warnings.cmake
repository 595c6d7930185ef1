# Flags of our own targets; nothing here is exported.
add_library(topograph_warnings INTERFACE)
target_compile_options(topograph_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wdouble-promotion -Wimplicit-fallthrough -Wnon-virtual-dtor
  # Results must not depend on whether the compiler fuses a multiply and an add.
  -ffp-contract=off
  # GCC 12 sees overlapping copies in `"text" + std::string` where there are none (GCC bug 105651).
  -Wno-restrict)
target_compile_options(topograph_warnings INTERFACE $<$<CONFIG:Debug>:-Werror>)
target_compile_definitions(topograph_warnings INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(TOPOGRAPH_SANITIZE)
  add_compile_options(-fsanitize=${TOPOGRAPH_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${TOPOGRAPH_SANITIZE})
endif()
