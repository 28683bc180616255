# find_package(sotto) for other projects: the portable rooms, their headers and sotto::sotto.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(portable_rooms base numeric model runtime personal)
list(TRANSFORM portable_rooms PREPEND sotto_ OUTPUT_VARIABLE portable_targets)

install(TARGETS sotto_sotto ${portable_targets} EXPORT sottoTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
foreach(room IN LISTS portable_rooms)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/src/sotto/${room}/"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/sotto/${room}"
    FILES_MATCHING PATTERN "*.hpp"
    PATTERN internal EXCLUDE)
endforeach()
if(TARGET sotto_cli)
  install(TARGETS sotto_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  set(pages "${PROJECT_BINARY_DIR}/pages")
  install(FILES "${pages}/sotto.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
  install(FILES "${pages}/sotto.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME sotto)
  install(FILES "${pages}/_sotto" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
  install(FILES "${pages}/sotto.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/sotto")
install(EXPORT sottoTargets NAMESPACE sotto:: DESTINATION "${package_dir}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/sottoConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/sottoConfig.cmake" INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a minor version may break what is promised.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/sottoConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/sottoConfig.cmake" "${PROJECT_BINARY_DIR}/sottoConfigVersion.cmake"
  DESTINATION "${package_dir}")
