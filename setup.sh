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

# --- System packages: each is missing when the thing it is wanted for is ---------------------------------------------
missing=""
has_library() { (ldconfig -p 2>/dev/null || /sbin/ldconfig -p) | grep -q "$1"; }
has_command() { command -v "$1" >/dev/null; }
has_file() { [ -e "$1" ] || [ -n "$(find /usr/lib -path "*/$1" 2>/dev/null)" ]; }
need() { "has_$2" "$3" || missing="$missing $1"; }  # need PACKAGE library|command|file WHAT

[ -n "$python" ] || missing="$missing python3"
"${python:-false}" -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
need libegl1 library libEGL.so.1
need libgl1 library libGL.so.1
need libgles2 library libGLESv2.so.2
need libglib2.0-0 library libgthread-2.0.so.0
need libportaudio2 library libportaudio.so.2
if [ "$purpose" = test ]; then
    need pulseaudio command pulseaudio
    need pulseaudio-utils command paplay
    need libasound2-plugins file alsa-lib/libasound_module_pcm_pulse.so
    need liblo-tools command oscsend
    need xvfb command Xvfb
    need imagemagick command import
    need opencv-doc file /usr/share/doc/opencv-doc/examples/data/right04.jpg
fi

if [ -n "$missing" ]; then
    has_command apt-get || stop "this system lacks what Debian calls:$missing" "install them and try again"
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        has_command sudo || stop "these system packages are missing:$missing" "as root, run: apt-get install$missing"
        as_root=sudo
    fi
    say "installing$missing"
    $as_root apt-get update -qq || stop "the package lists could not be fetched" "check the network and try again"
    # shellcheck disable=SC2086  # a list of words on purpose
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        stop "the system packages could not be installed:$missing" "see what apt-get printed above"
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

# --- For tests: TensorRT, which builds engines for GPUs that are not here (95 MB) ------------------------------------
if [ "$purpose" = test ] && ! .venv/bin/python -c 'import tensorrt_rtx_bindings' 2>/dev/null; then
    say "installing TensorRT for RTX"
    .venv/bin/python -m pip install --quiet --constraint constraints.txt --no-deps \
        tensorrt-rtx-cu13-bindings tensorrt-rtx-cu13-libs ||
        stop "TensorRT for RTX could not be installed" "see what pip printed above"
fi
