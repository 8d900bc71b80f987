# Functions that the scripts in this directory share. Sourcing it changes to the root of the repository.
# Compatible with bash 3.2, which macOS ships.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

WASM_TARGET=wasm32-unknown-unknown
DEBIAN_TOOLCHAIN=debian-web

# The features that lints, Rust tests and browser tests share. Different features would compile the same
# dependencies again.
TEST_FEATURES=leptos-with-clerk/ssr,leptos-with-clerk/local-clerk-in-release

# Tools of this clone first (wasm-opt is an npm package), then those that cargo installed.
export PATH="$PWD/.tools/bin:$PWD/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

step() { printf '\n==> %s\n' "$*" >&2; }

note() { printf '    %s\n' "$@" >&2; }

# die MESSAGE [WHAT-TO-DO...]
die() {
  printf '\nerror: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || note "$@"
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "this step needs root, and sudo is not installed" "run as root, then try again: $*"
  fi
}

apt_install() {
  apt-cache show "$@" >/dev/null 2>&1 || as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# builds_wasm [TOOLCHAIN]: succeeds if the rustup toolchain (default: the active one) can compile for the browser.
builds_wasm() {
  local dir status=0
  dir=$(mktemp -d)
  echo 'pub fn probe() {}' |
    rustc ${1:+"+$1"} --target "$WASM_TARGET" --crate-type lib --crate-name probe --emit metadata \
      --out-dir "$dir" - >/dev/null 2>&1 || status=1
  rm -rf "$dir"
  return $status
}

# Runs cargo-leptos with a toolchain that can compile for the browser. If that is Debian's (see
# wasm-target.sh), the server half is still compiled by the default toolchain, which has clippy and rustfmt.
cargo_leptos() {
  if builds_wasm; then
    cargo leptos "$@"
  else
    RUSTUP_TOOLCHAIN=$DEBIAN_TOOLCHAIN LEPTOS_BIN_CARGO_COMMAND="cargo +$(default_toolchain)" cargo leptos "$@"
  fi
}

default_toolchain() { rustup show active-toolchain | sed -n '1s,  *.*,,p'; }

# The directory that cargo writes to, as an absolute path.
target_dir() {
  case ${CARGO_TARGET_DIR:-target} in
    /*) printf '%s\n' "$CARGO_TARGET_DIR" ;;
    *) printf '%s\n' "$PWD/${CARGO_TARGET_DIR:-target}" ;;
  esac
}

# Settings for what the tests build and serve: a site of their own, so that an app that is running from
# target/site keeps its files.
test_site() {
  LEPTOS_SITE_ROOT=$(target_dir)/test-site
  LEPTOS_HASH_FILES=true
  LEPTOS_HASH_FILE_NAME=test-hash.txt
  export LEPTOS_SITE_ROOT LEPTOS_HASH_FILES LEPTOS_HASH_FILE_NAME
}

# port_answers PORT: succeeds if a program listens on the port of this machine. Needs no curl.
port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
