# shellcheck shell=bash
# What ./sotto needs from the system's package manager.

# Sets SYSTEM to debian-12, debian-13 or ubuntu-24.04; anything else to the empty string.
detect_system() {
  local id version
  id=$(. /etc/os-release 2>/dev/null && printf '%s' "${ID:-}")
  version=$(. /etc/os-release 2>/dev/null && printf '%s' "${VERSION_ID:-}")
  case $id-$version in
    debian-12 | debian-13 | ubuntu-24.04) SYSTEM=$id-$version ;;
    *) SYSTEM='' ;;
  esac
}

# The packages of one group, given what is there already.
packages_for() {
  case $1 in
    native)
      echo g++ cmake ninja-build libeigen3-dev nlohmann-json3-dev zlib1g-dev libzstd-dev libcli11-dev \
        libfmt-dev libspdlog-dev libhdf5-dev libzip-dev libutf8proc-dev libxnnpack-dev libpthreadpool-dev
      ;;
    server)
      # Debian 12 has two Boosts; the later one knows coroutines better.
      case $SYSTEM in
        debian-12) echo libboost1.81-dev ;;
        *) echo libboost-dev ;;
      esac
      echo libssl-dev libsqlite3-dev libpq-dev libbrotli-dev libcurl4-openssl-dev prometheus-cpp-dev
      ;;
    kafka)
      # Optional: the server's producer.
      echo librdkafka-dev
      ;;
    server-tests)
      echo postgresql
      ;;
    wasm)
      echo cmake ninja-build nlohmann-json3-dev
      # A compiler that is already there brings its own LLVM.
      if find_emcc >/dev/null; then
        return
      fi
      case $SYSTEM in
        debian-12) echo clang-19 lld-19 llvm-19 python3 ;;
        debian-13) echo emscripten ;;
      esac
      ;;
    node)
      node_is_usable || echo nodejs
      command -v npm >/dev/null || echo npm
      ;;
    tests)
      echo libsimde-dev pkgconf valgrind
      # Debian 12 has Catch2 2; the toolchain folder gets a newer one.
      [[ $SYSTEM == debian-12 ]] || echo catch2
      ;;
    java)
      # A JDK and a Maven that are there already will do.
      java_is_usable || echo default-jdk-headless
      command -v mvn >/dev/null || echo maven
      ;;
    python)
      # A Python of the user's own will do.
      python_is_usable || echo python3-dev python3-venv
      ;;
    reference)
      echo doxygen
      ;;
    browser)
      if ! find_chromium >/dev/null && [[ $SYSTEM == debian-* ]]; then
        echo chromium
      fi
      # The tests of what a page stores run in both; elsewhere those in Firefox are skipped.
      if ! find_firefox >/dev/null && [[ $SYSTEM == debian-* ]]; then
        echo firefox-esr
      fi
      ;;
  esac
}

package_is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# install_system_packages GROUP...
install_system_packages() {
  local group package
  local -a wanted=() missing=()
  if [[ -z $SYSTEM ]]; then
    require_tools "$@"
    return
  fi
  for group in "$@"; do
    read -ra wanted <<<"${wanted[*]} $(packages_for "$group" | tr '\n' ' ')"
  done
  for package in "${wanted[@]}"; do
    package_is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  local -a as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "system packages are missing and there is neither root nor sudo; have them installed:" \
        "apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  confirm_packages "${missing[@]}"
  if ((EUID != 0)); then
    sudo -v || fail "without root these packages cannot be installed: ${missing[*]}"
  fi
  step "system package lists" "${as_root[@]}" apt-get -q update
  step "system packages: ${#missing[@]} to install" \
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q install --yes --no-install-recommends "${missing[@]}"
}

# On a system that ./sotto cannot set up, the tools must be there; libraries are then fetched by CMake.
require_tools() { # GROUP...
  local tool
  local -a tools=()
  [[ " $* " == *' native '* ]] && tools+=(c++)
  [[ " $* " == *' native '* || " $* " == *' wasm '* ]] && tools+=(cmake ninja)
  [[ " $* " == *' node '* ]] && tools+=(node npm)
  for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null ||
      fail "this system is none of Debian 12, Debian 13 and Ubuntu 24.04, and it has no '$tool':" \
        "install what docs/dependencies.md lists by the system's own means."
  done
}

# Asks when a person is there to answer.
confirm_packages() {
  say "sotto needs these system packages: $*"
  if [[ $ASSUME_YES == no && -t 0 && -t 1 ]]; then
    local answer
    read -r -p 'Install them now with apt-get? [Y/n] ' answer
    case $answer in
      '' | y | Y | yes) ;;
      *) fail "nothing was installed; the packages above are needed to go on." ;;
    esac
  fi
}

node_is_usable() {
  local version
  version=$(node --version 2>/dev/null) && version_at_least "${version#v}" 18
}

java_is_usable() {
  local version
  version=$(javac -version 2>&1) && version_at_least "${version#javac }" 17
}

python_is_usable() {
  python3 - <<'PYTHON' 2>/dev/null
import ensurepip, os, sys, sysconfig, venv
header = os.path.join(sysconfig.get_paths()["include"], "Python.h")
sys.exit(not (sys.version_info >= (3, 10) and os.path.exists(header)))
PYTHON
}

find_chromium() {
  local name
  if [[ -n ${SOTTO_CHROMIUM:-} ]]; then
    printf '%s\n' "$SOTTO_CHROMIUM"
    return
  fi
  for name in chromium google-chrome google-chrome-stable; do
    command -v "$name" && return
  done
  return 1
}

find_firefox() {
  [[ -n ${SOTTO_FIREFOX:-} ]] || command -v firefox-esr || command -v firefox
}

require_chromium() {
  local path
  path=$(find_chromium) ||
    fail "the page's tests need a browser: install Google Chrome or Chromium (Ubuntu has it as" \
      "a snap: 'snap install chromium') or set SOTTO_CHROMIUM to its program."
  [[ -x $path ]] || fail "SOTTO_CHROMIUM=$path is not a program."
  export SOTTO_CHROMIUM=$path
}
