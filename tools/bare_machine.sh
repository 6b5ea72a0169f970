#!/bin/bash
# Run make's targets in a fresh Debian 12 that holds python3, make, ca-certificates and git, and nothing else.
#
#   sudo tools/bare_machine.sh [TARGET…]      default: demo test
#   KEEP=1 sudo -E tools/bare_machine.sh …            leave the root where it is, and say where
#   KEEP=1 REUSE=ROOT sudo -E tools/bare_machine.sh … go on in a root left so, with what is committed now
#
# It takes what is committed, a few gigabytes below TMPDIR, and this machine's own package settings: apt's
# sources, pip's configuration, proxies and certificates. Everything happens in namespaces of its own, so that
# no mount and no process is left when it ends, however it ends.
set -eu -o pipefail

# Read to its end before anything runs, so that it may be edited meanwhile.
main() {
RELEASE=bookworm
PACKAGES=python3,make,ca-certificates,git

[ "$(id -u)" = 0 ] || { echo "It makes a root: run it as root." >&2; exit 2; }
for tool in debootstrap unshare; do
  command -v "$tool" >/dev/null || { apt-get -qq update; apt-get -qq install --yes debootstrap util-linux >/dev/null; }
done

if [ -z "${BARE_ROOT:-}" ]; then
  BARE_ROOT=${REUSE:-$(mktemp -d "${TMPDIR:-/var/tmp}/bare-machine.XXXXXX")}
  export BARE_ROOT
  # The mounts are gone with their namespace by then: nothing but the root itself lies below here.
  trap '[ -n "${KEEP:-}" ] && echo "The root is left in $BARE_ROOT" || rm -rf --one-file-system "$BARE_ROOT" "$BARE_ROOT.log"' EXIT
  unshare --mount --pid --fork --kill-child "$0" "$@"
  exit
fi

root=$BARE_ROOT
source=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
[ "$#" -gt 0 ] || set -- demo test
mount --make-rprivate /

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

# The mirror that apt itself would use; none named, debootstrap has its own.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 2>/dev/null |
  awk -v release="$RELEASE" '$2 == release { print $1; exit }' || true)
if [ ! -e "$root/usr/bin/make" ]; then
  say "making the root"
  debootstrap --variant=minbase --include="$PACKAGES" "$RELEASE" "$root" $mirror >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; exit 1; }
  rm -f "$root.log"
fi

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

# A file or folder of this machine's settings, in the same place there.
settings() {
  local path
  for path in "$@"; do
    [ -e "$path" ] || continue
    mkdir -p "$root$(dirname "$path")"
    cp -aL "$path" "$root$(dirname "$path")/"
  done
}

shown_there() {
  [ -e "$1" ] || return 0
  mkdir -p "$root$1"
  mount --bind -o ro "$1" "$root$1"
}

settings /etc/resolv.conf /etc/hosts /etc/apt/apt.conf.d /etc/apt/auth.conf.d /etc/apt/keyrings \
  /etc/apt/trusted.gpg.d /etc/apt/preferences.d /etc/pip.conf /etc/xdg/pip
if [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = "$RELEASE" ]; then
  rm -f "$root/etc/apt/sources.list"
  settings /etc/apt/sources.list /etc/apt/sources.list.d
fi
for path in "$HOME/.config/pip" "$HOME/.pip"; do
  [ -e "$path" ] || continue
  mkdir -p "$root/root/$(dirname "${path#"$HOME"/}")"
  cp -aL "$path" "$root/root/${path#"$HOME"/}"
done

# Folders of packages that pip's configuration names on this machine's own disk.
for pip in pip3 pip "python3 -m pip"; do
  configured=$($pip config list 2>/dev/null) && break
done
printf '%s\n' "${configured:-}" | grep -v -E 'cert|constraint' | tr "'\" " '\n\n\n' | sed -n 's,^\(file://\)\{0\,1\}\(/.*\),\2,p' |
  while read -r folder; do
    [ "$(basename "$folder")" != simple ] || folder=$(dirname "$folder") # an index refers to the files beside it
    shown_there "$folder"
  done

# Certificates that this machine trusts and Debian does not know of.
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || mount --bind -o ro /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"

project=$root/srv/work/project
[ -d "$project" ] || git clone --quiet --no-local "$source" "$project"
git -C "$project" fetch --quiet "$source" HEAD
git -C "$project" reset --quiet --hard FETCH_HEAD
shown_there_as="$root/srv/work/shared/real"
if [ -d "$source/../shared/real" ]; then
  mkdir -p "$shown_there_as"
  mount --bind -o ro "$(readlink -f "$source/../shared/real")" "$shown_there_as"
fi

passed=()
while IFS= read -r -d '' variable; do
  case ${variable%%=*} in
    PIP_* | *_proxy | *_PROXY | SSL_CERT_* | REQUESTS_CA_BUNDLE | CURL_CA_BUNDLE | GIT_SSL_CAINFO | NODE_EXTRA_CA_CERTS) passed+=("$variable") ;;
  esac
done < <(env -0)

failed=0
for target in "$@"; do
  say "make $target"
  SECONDS=0
  result=passed
  chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "${passed[@]}" \
    make --directory /srv/work/project "$target" || { result=failed; failed=1; }
  say "make $target $result after $SECONDS seconds"
done
exit "$failed"
}

main "$@"
