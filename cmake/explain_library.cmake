# libposthorn-explain: the explainer for other programs, behind include/posthorn/explain.h alone.
add_library(posthorn-explain SHARED src/library/explain.cc)
target_include_directories(posthorn-explain PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
target_link_libraries(posthorn-explain PRIVATE posthorn_explain posthorn_catalogue ph_flags)
# Only the names of the header leave the library.
target_link_options(posthorn-explain PRIVATE -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/explain_library.map)
set_target_properties(posthorn-explain PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0)
