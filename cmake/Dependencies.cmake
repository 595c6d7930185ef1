# Every dependency of docs/dependencies.md, found once. System packages first; OpenVINO (with its
# oneTBB) and Arrow come from the wheels in the private virtual environment.
file(GLOB _site_packages "${TOPOGRAPH_VENV}/lib/python3*/site-packages")
if(NOT _site_packages)
  message(FATAL_ERROR "no virtual environment at ${TOPOGRAPH_VENV}: run scripts/bootstrap first")
endif()
list(GET _site_packages 0 TOPOGRAPH_SITE_PACKAGES)

find_package(TBB CONFIG REQUIRED PATHS "${TOPOGRAPH_SITE_PACKAGES}/openvino/cmake" NO_DEFAULT_PATH)
find_package(OpenVINO CONFIG REQUIRED COMPONENTS Runtime
             PATHS "${TOPOGRAPH_SITE_PACKAGES}/openvino/cmake" NO_DEFAULT_PATH)
find_package(ArrowWheel REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(CURL REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenBlas REQUIRED)
find_package(Stemmer REQUIRED)
find_package(PangoCairo REQUIRED)

# The wheels are not on the loader's path: remember where they are in the binaries we build.
list(APPEND CMAKE_BUILD_RPATH "${TOPOGRAPH_SITE_PACKAGES}/openvino/libs"
     "${TOPOGRAPH_SITE_PACKAGES}/pyarrow")
