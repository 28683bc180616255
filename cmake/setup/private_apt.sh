# shellcheck shell=bash
# Debian packages of another suite, unpacked into a folder of the checkout. The system's own apt
# configuration, lists and installed packages are read, never changed.

# The Debian mirror that this machine already uses; apt says so itself. Where no lists have been loaded yet
# apt does not know a source's origin, and the release's name has to do.
debian_mirror() {
  local release
  release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  {
    # shellcheck disable=SC2016 # apt's own placeholder
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian'
    apt-get --print-uris update | sed -n "s|^'\(.*/\)dists/$release/InRelease'.*|\1|p"
  } 2>/dev/null | sed -n 1p
}

# private_apt_unpack SUITE PREFIX PACKAGE...
# Downloads the packages (apt's own NAME or NAME=VERSION-PATTERN) of a Debian suite and unpacks them.
private_apt_unpack() {
  local suite=$1 prefix=$2 mirror apt
  shift 2
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || fail "this machine's apt sources name no Debian mirror, which is needed for: $*"

  apt=$prefix.apt
  rm -rf "$apt"
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,packages,root}
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
    "$mirror" "$suite" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Acquire::Languages "none";
APT::Sandbox::User "";
CONF

  APT_CONFIG=$apt/apt.conf apt-get -q update
  (cd "$apt/packages" && APT_CONFIG=$apt/apt.conf apt-get -q download "$@")
  local package
  for package in "$apt"/packages/*.deb; do
    dpkg-deb -x "$package" "$apt/root"
  done
  # Only a complete copy takes the place of the old one.
  rm -rf "$prefix"
  mv "$apt/root" "$prefix"
  rm -rf "$apt"
}
