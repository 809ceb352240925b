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

# Header-only ones.
find_path(PH_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
add_library(ph_expected INTERFACE)
add_library(ph::expected ALIAS ph_expected)
find_path(PH_PFR_INCLUDE boost/pfr.hpp REQUIRED)
add_library(ph_pfr INTERFACE)
add_library(ph::pfr ALIAS ph_pfr)
