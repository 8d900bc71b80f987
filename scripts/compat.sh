#!/usr/bin/env bash
# compat.sh [APP...]: runs apps of other frameworks, with Clerk's own SDKs or those of others, on the local Clerk in Chromium: those
# of tests/compat/apps.json, or the given ones. Prints a table at the end, and compares what they called with tests/compat/called.json.
# What is already installed is kept.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh

suite=tests/compat
every=$(cd $suite && node -p 'Object.keys(require("./apps.json")).join(" ")')
apps=${*:-$every}
for app in $apps; do
  case " $every " in *" $app "*) ;; *) die "there is no app $app" "the apps: $every" ;; esac
done

# The packages of an app for Node.
install_npm() {
  local app=$1 checksum
  checksum=$(cksum "$suite/$app/package.json" "$suite/$app/package-lock.json")
  [ "$checksum" != "$(cat "$suite/$app/node_modules/.checksum" 2>/dev/null)" ] || return 0
  step "Installing the npm packages of $app"
  npm ci --prefix "$suite/$app" --no-audit --no-fund ||
    die "npm ci failed" "check that the npm registry can be reached, then try again"
  echo "$checksum" >"$suite/$app/node_modules/.checksum"
}

# The packages of an app in Python.
install_pypi() {
  local requirements=$suite/$1/requirements.txt environment=.tools/compat/$1
  ! cmp -s "$requirements" "$environment/.installed" || return 0
  if ! python3 -c 'import ensurepip' 2>/dev/null; then
    have apt-get || die "Python 3 with venv is missing" "install it from https://www.python.org"
    apt_install python3 python3-venv
  fi
  step "Installing the Python packages of $1"
  python3 -m venv --clear "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" ||
    die "pip failed" "check that PyPI can be reached, then try again"
  cp "$requirements" "$environment/.installed"
}

# A program in Rust, and its half for the browser if it has a page. They share a target directory.
build_rust() {
  local app=$1 package=with-$1 options=(--locked --manifest-path "$suite/Cargo.toml" --target-dir target/compat) toolchain=
  # clerk-fapi-rs links OpenSSL on Linux.
  if [ "$(uname)" = Linux ] && ! pkg-config --exists openssl 2>/dev/null; then
    have apt-get || die "OpenSSL's headers or pkg-config are missing" "install them with your package manager"
    apt_install libssl-dev pkg-config
  fi
  step "Building $app"
  cargo build "${options[@]}" -p "$package"
  [ -f "$suite/$app/index.html" ] || return 0
  builds_wasm || toolchain=+$DEBIAN_TOOLCHAIN
  cargo ${toolchain:+"$toolchain"} build "${options[@]}" -p "$package" --target "$WASM_TARGET"
  wasm-bindgen --target web --no-typescript --out-dir "$suite/$app/dist" "target/compat/$WASM_TARGET/debug/$package.wasm"
}

for app in $apps; do
  if [ -f "$suite/$app/package.json" ]; then install_npm "$app"
  elif [ -f "$suite/$app/Cargo.toml" ]; then build_rust "$app"
  else install_pypi "$app"; fi
done

if [ -z "${LOCAL_CLERK_BIN:-}" ]; then
  step "Building the local Clerk"
  cargo build --release --workspace --features "$TEST_FEATURES" --bin local-clerk
  LOCAL_CLERK_BIN=$(target_dir)/release/local-clerk
fi
CHROMIUM=$(scripts/chromium.sh)
export CHROMIUM LOCAL_CLERK_BIN

step "Running the apps: $apps"
status=0
rm -rf test-results/compat.json test-results/calls
mkdir -p test-results/calls
playwright test -c $suite --grep " (${apps// /|})\$" || status=$?
node $suite/table.mjs --results test-results/compat.json
node $suite/calls.mjs test-results/calls/*.jsonl || status=$?
exit $status
