# make install: the program, its manual pages in both languages, the completions, the systemd unit, the library with its header.
set(PH_MAN ${CMAKE_BINARY_DIR}/man)
file(GLOB_RECURSE PH_MAN_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/man/*)
# Declarations of parameters and replies become pages. The defaults, whatever this machine has in /etc/posthorn.
add_custom_command(
    OUTPUT ${PH_MAN}/stamp
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${CMAKE_SOURCE_DIR}/man ${PH_MAN}
    COMMAND posthorn config show --json --config /dev/null > ${PH_MAN}/parameters.json
    COMMAND python3 ${CMAKE_SOURCE_DIR}/tools/manpages.py ${PH_MAN}/parameters.json ${PH_MAN}/en ${PH_MAN}/zh_CN
    COMMAND ${CMAKE_COMMAND} -E touch ${PH_MAN}/stamp
    DEPENDS posthorn ${CMAKE_SOURCE_DIR}/tools/manpages.py ${PH_MAN_FILES} ${PH_CATALOGUE_FILES}
    COMMENT "Writing the manual pages"
    VERBATIM)
add_custom_target(manpages ALL DEPENDS ${PH_MAN}/stamp)

set(PH_COMPLETIONS ${CMAKE_BINARY_DIR}/completions)
foreach(shell bash zsh fish)
    add_custom_command(
        OUTPUT ${PH_COMPLETIONS}/${shell}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${PH_COMPLETIONS}
        COMMAND posthorn completion ${shell} --lang en --config /dev/null > ${PH_COMPLETIONS}/${shell}
        DEPENDS posthorn
        VERBATIM)
    list(APPEND PH_COMPLETION_FILES ${PH_COMPLETIONS}/${shell})
endforeach()
add_custom_target(completions ALL DEPENDS ${PH_COMPLETION_FILES})

configure_file(${CMAKE_SOURCE_DIR}/cmake/posthorn-explain.pc.in ${CMAKE_BINARY_DIR}/posthorn-explain.pc.in @ONLY)
install(TARGETS posthorn posthorn-explain)
install(FILES include/posthorn/explain.h DESTINATION include/posthorn)
# The prefix is known only when installing.
install(CODE "
    set(prefix \"\${CMAKE_INSTALL_PREFIX}\")
    file(READ \"${CMAKE_BINARY_DIR}/posthorn-explain.pc.in\" text)
    string(REPLACE \"${CMAKE_INSTALL_PREFIX}\" \"\${prefix}\" text \"\${text}\")
    file(WRITE \"${CMAKE_BINARY_DIR}/posthorn-explain.pc\" \"\${text}\")")
install(FILES ${CMAKE_BINARY_DIR}/posthorn-explain.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
foreach(section 1 5 7)
    install(DIRECTORY ${PH_MAN}/en/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} FILES_MATCHING PATTERN "*.${section}")
    install(DIRECTORY ${PH_MAN}/zh_CN/ DESTINATION ${CMAKE_INSTALL_MANDIR}/zh_CN/man${section} FILES_MATCHING PATTERN "*.${section}")
endforeach()
# Packages put the program into /usr; anybody else's unit must start it from where it is.
install(CODE "
    file(READ \"${CMAKE_SOURCE_DIR}/contrib/systemd/posthorn.service\" text)
    string(REPLACE \"/usr/bin/\" \"\${CMAKE_INSTALL_PREFIX}/bin/\" text \"\${text}\")
    file(WRITE \"${CMAKE_BINARY_DIR}/posthorn.service\" \"\${text}\")")
install(FILES ${CMAKE_BINARY_DIR}/posthorn.service DESTINATION lib/systemd/system)
install(FILES ${PH_COMPLETIONS}/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME posthorn)
install(FILES ${PH_COMPLETIONS}/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _posthorn)
install(FILES ${PH_COMPLETIONS}/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME posthorn.fish)
