# What the scripts beside it share. Source it: it enters the root of the repository.
# Written for the bash 3.2 that macOS ships as well.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

WASM_TARGET=wasm32-unknown-unknown
DEBIAN_TOOLCHAIN=debian-web

# Tools of this clone first (wasm-opt comes with the npm packages), then what cargo installs.
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
    die "this step needs root, and there is no sudo" "run as root, then try again: $*"
  fi
}

apt_install() {
  apt-cache show "$@" >/dev/null 2>&1 || as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Can this rustup toolchain (the default one if none is named) build for the browser?
builds_wasm() {
  local dir status=0
  dir=$(mktemp -d)
  echo 'pub fn probe() {}' |
    rustc ${1:+"+$1"} --target "$WASM_TARGET" --crate-type lib --crate-name probe --emit metadata \
      --out-dir "$dir" - >/dev/null 2>&1 || status=1
  rm -rf "$dir"
  return $status
}

# cargo-leptos with a toolchain that can build for the browser. Where that is Debian's (see
# wasm-target.sh), the server half stays with the default toolchain, which has clippy and rustfmt.
cargo_leptos() {
  if builds_wasm; then
    cargo leptos "$@"
  else
    RUSTUP_TOOLCHAIN=$DEBIAN_TOOLCHAIN LEPTOS_BIN_CARGO_COMMAND="cargo +$(default_toolchain)" cargo leptos "$@"
  fi
}

default_toolchain() { rustup show active-toolchain | sed -n '1s,  *.*,,p'; }

# The directory cargo writes to.
target_dir() { printf '%s\n' "${CARGO_TARGET_DIR:-target}"; }

# port_answers PORT, without needing curl.
port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
