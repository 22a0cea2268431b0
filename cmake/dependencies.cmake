# Every library comes from a Debian package; see ./dev for the list.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(ICU 70 REQUIRED COMPONENTS uc i18n)
find_package(spdlog REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(magic REQUIRED IMPORTED_TARGET libmagic)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
find_package(PNG 1.6 REQUIRED)
find_package(ZLIB 1.2.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)

if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)
endif()
find_package(Boost 1.81 REQUIRED COMPONENTS json)

# Asio and Beast are compiled once, in base/asio.cc and net/beast.cc.
add_library(qn_asio INTERFACE)
target_compile_definitions(qn_asio INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(qn_asio INTERFACE Boost::headers Threads::Threads OpenSSL::SSL)
