#!/usr/bin/env bash
# Makes .venv from a lock file: scripts/setup.sh run|dev
# On Debian as root it installs the system packages it misses; elsewhere it
# names them in one line and stops.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
export PIP_DISABLE_PIP_VERSION_CHECK=1

# Libraries that Qt loads for a window on X11 and for pictures without a screen.
libraries=(libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4
  libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1)
# What the tests drive the real window with.
drivers=(xvfb openbox xdotool dbus dbus-x11 gnome-keyring at-spi2-core python3-pyatspi imagemagick strace time hyperfine)

find_python() {
  for name in python3.11 python3.12 python3.13 python3.14 python3; do
    command -v "$name" >/dev/null 2>&1 || continue
    "$name" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$name"; return; }
  done
}

need_packages() {
  local wanted=("$@") missing=()
  command -v dpkg-query >/dev/null 2>&1 || return 0
  for package in "${wanted[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -eq 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "Missing system packages. Install them with: sudo apt-get install ${missing[*]}" >&2
    return 1
  fi
}

packages=("${libraries[@]}")
[ "$kind" = dev ] && packages+=("${drivers[@]}")
python=$(find_python)
[ -n "$python" ] || packages+=(python3 python3-venv)
need_packages "${packages[@]}"
python=$(find_python)
[ -n "$python" ] || { echo "Python 3.11 or newer with its venv module is missing." >&2; exit 1; }

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c pass 2>/dev/null; then
  rm -rf .venv
  "$python" -m venv .venv
fi
lock=requirements/$kind.lock
# A .venv made for the tests also holds all that running needs.
[ "$kind" = run ] && [ -e .venv/dev.ready ] && lock=requirements/dev.lock
.venv/bin/python -m pip install -q --require-hashes -r "$lock"
.venv/bin/python -m pip install -q --no-build-isolation --no-deps -e .
touch ".venv/$kind.ready"
