# topograph_room(<name> [DEPENDS libs...]): one OBJECT library for src/<name>, made of every .cpp in
# that folder. Rooms see each other's public headers only; tools/check_layers.py keeps the order.
set_property(GLOBAL PROPERTY TOPOGRAPH_ROOMS "")
function(topograph_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(topograph_${name} OBJECT ${sources})
  target_include_directories(topograph_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include
                             PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(topograph_${name} PRIVATE topograph_warnings PUBLIC ${ROOM_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY TOPOGRAPH_ROOMS topograph_${name})
endfunction()
