# Versions and packages, pinned in one place. Sourced by scripts/bootstrap.
OPENVINO_VERSION=2026.4.1
PYARROW_VERSION=26.0.1

DEBIAN_PACKAGES="g++ cmake ninja-build make ccache git ca-certificates curl unzip python3 python3-venv
  libeigen3-dev libopenblas-pthread-dev libicu-dev nlohmann-json3-dev
  libtomlplusplus-dev libcli11-dev libfmt-dev libssl-dev zlib1g-dev libcurl4-openssl-dev libstemmer-dev zstd
  pkg-config libcairo2-dev libpango1.0-dev fonts-noto-core"

DEBIAN_TEST_PACKAGES="libgtest-dev libgmock-dev clang-format chromium nodejs
  fonts-noto-cjk fonts-noto-color-emoji poppler-utils"

DEBIAN_TIDY_PACKAGES="clang-tidy-19"
