# Compiler flags that every room shares.
add_library(ph_flags INTERFACE)
target_compile_options(ph_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Werror -fno-strict-aliasing)
target_compile_definitions(ph_flags INTERFACE PH_VERSION="${PROJECT_VERSION}")

if(PH_HARDEN)
    target_compile_options(ph_flags INTERFACE -fno-plt -fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
    target_compile_definitions(ph_flags INTERFACE _FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
    target_link_options(ph_flags INTERFACE -Wl,-z,relro,-z,now,-z,pack-relative-relocs -Wl,--as-needed)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    include(CheckPIESupported)
    check_pie_supported()
endif()

if(PH_SANITIZE)
    # PH_SANITIZE is a list as the compiler takes it: address,undefined or thread.
    add_compile_options(-fsanitize=${PH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${PH_SANITIZE})
    # clang 14 cannot assemble a coroutine that -fsanitize=function has marked ("difference across sections").
    add_compile_options($<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
endif()
