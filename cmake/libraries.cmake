# Every library from outside, under one name each (docs/decisions say why these).
find_package(PkgConfig REQUIRED)
function(ph_pkg name module)
    pkg_check_modules(PH_${name} REQUIRED IMPORTED_TARGET ${module})
    add_library(ph::${name} ALIAS PkgConfig::PH_${name})
endfunction()
ph_pkg(re2 re2)
ph_pkg(utf8proc libutf8proc)
ph_pkg(simdjson simdjson)
ph_pkg(toml tomlplusplus)
ph_pkg(xxhash libxxhash)
find_package(Threads REQUIRED)
add_library(ph::threads ALIAS Threads::Threads)

# Header-only ones.
find_path(PH_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
add_library(ph_expected INTERFACE)
add_library(ph::expected ALIAS ph_expected)
find_path(PH_PFR_INCLUDE boost/pfr.hpp REQUIRED)
add_library(ph_pfr INTERFACE)
add_library(ph::pfr ALIAS ph_pfr)
add_library(ph_asio INTERFACE)
add_library(ph::asio ALIAS ph_asio)
# One loop thread; without these Asio carries old interfaces and thread-safety that nothing here uses.
target_compile_definitions(ph_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)

# Its pkg-config file asks for libevent, which only its event interface needs.
find_path(PH_UNBOUND_INCLUDE unbound.h REQUIRED)
find_library(PH_UNBOUND_LIBRARY unbound REQUIRED)
add_library(ph_unbound INTERFACE)
add_library(ph::unbound ALIAS ph_unbound)
target_link_libraries(ph_unbound INTERFACE ${PH_UNBOUND_LIBRARY})
# GCC 12 takes the pooled operator new of a coroutine frame, once inlined, for another allocator than its operator delete.
target_compile_options(ph_asio INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
