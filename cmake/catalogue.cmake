# The catalogue: tools/catalogc checks every file under catalogue/ and writes the tables as C++, which become the room `catalogue`.
add_executable(catalogc tools/catalogc.cc)
target_link_libraries(catalogc PRIVATE posthorn_explain ph_flags)
set_target_properties(catalogc PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)

file(GLOB_RECURSE PH_CATALOGUE_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/catalogue/*.toml)
set(PH_CATALOGUE_SOURCE ${CMAKE_BINARY_DIR}/generated/builtin_catalogue.cc)
set(PH_REPLIES_HEADER ${CMAKE_BINARY_DIR}/generated/include/catalogue/replies.h)
add_custom_command(
    OUTPUT ${PH_CATALOGUE_SOURCE}
    BYPRODUCTS ${PH_REPLIES_HEADER}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated/include/catalogue
    COMMAND catalogc ${CMAKE_SOURCE_DIR}/catalogue ${PH_CATALOGUE_SOURCE} ${PH_REPLIES_HEADER}
    COMMAND ${CMAKE_COMMAND} -E touch ${PH_CATALOGUE_SOURCE}
    DEPENDS catalogc ${PH_CATALOGUE_FILES}
    COMMENT "Checking and compiling the catalogue of causes"
    VERBATIM)

posthorn_include_root(catalogue)
add_library(posthorn_catalogue STATIC ${PH_CATALOGUE_SOURCE})
target_include_directories(posthorn_catalogue PUBLIC ${CMAKE_BINARY_DIR}/include/catalogue ${CMAKE_BINARY_DIR}/generated/include)
target_link_libraries(posthorn_catalogue PUBLIC posthorn_status PRIVATE ph_flags)
# Megabytes of constant tables: nothing to optimise, and link-time optimisation would only carry them around.
set_target_properties(posthorn_catalogue PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
target_compile_options(posthorn_catalogue PRIVATE -O0 -g0)
