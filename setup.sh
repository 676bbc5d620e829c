#!/bin/sh
# Makes this checkout ready: system packages, .venv, Python packages. Safe to run again: what is there is left alone,
# and a second run needs no network.      sh setup.sh show | test
set -eu
cd "$(dirname "$0")"
purpose=${1:-show}

say() { printf '%s\n' "setup: $*"; }
stop() { printf '%s\n' "setup: $1" "  $2" >&2; exit 1; }

# --- Python 3.11 or newer ------------------------------------------------------------------------------------------
python=""
for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.13; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done

# --- System packages, where there is apt ---------------------------------------------------------------------------
packages="libegl1 libgl1 libportaudio2"
[ "$purpose" != test ] || packages="$packages pulseaudio pulseaudio-utils libasound2-plugins sox liblo-tools
    xvfb x11-apps imagemagick opencv-doc"
[ -n "$python" ] || packages="$packages python3"
"${python:-false}" -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"

if command -v dpkg-query >/dev/null; then
    missing=""
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    if [ -n "$missing" ]; then
        as_root=""
        if [ "$(id -u)" -ne 0 ]; then
            command -v sudo >/dev/null || stop "these system packages are missing:$missing" \
                "as root, run: apt-get install$missing"
            as_root=sudo
        fi
        say "installing$missing"
        $as_root apt-get update -qq || stop "the package lists could not be fetched" "check the network and try again"
        # shellcheck disable=SC2086  # a list of words on purpose
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
            stop "the system packages could not be installed:$missing" "see what apt-get printed above"
    fi
else
    say "this system has no apt; it must bring what Debian calls:" $packages
fi
python=${python:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "Python 3.11 or newer is needed" "install it, or name one: PYTHON=/usr/bin/python3.12 make $purpose"

# --- Python packages, exactly those of constraints.txt --------------------------------------------------------------
want="$("$python" -V) $(cat pyproject.toml constraints.txt | cksum)"
if [ "$(cat .venv/ready 2>/dev/null)" != "$want" ]; then
    say "making .venv with $("$python" -V) (a few minutes the first time)"
    "$python" -m venv --clear .venv
    .venv/bin/python -m pip install --quiet --upgrade --constraint constraints.txt pip
    .venv/bin/python -m pip install --constraint constraints.txt --editable . --group dev ||
        stop "the Python packages could not be installed" "see what pip printed above"
    printf '%s\n' "$want" >.venv/ready
fi
