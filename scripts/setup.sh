#!/usr/bin/env bash
# Installs everything that a build needs. What is already installed is kept, so a second run takes about a second.
# Tested on Debian 12. Other Linux distributions and macOS take the same steps without the Debian packages;
# macOS is untested.
source "$(dirname "$0")/lib.sh"

have cargo || die "cargo is missing" "install Rust with rustup: https://rustup.rs"
have cc || die "a C compiler is missing (SQLite and the TLS library need it)" \
  "Debian, Ubuntu: apt-get install build-essential" "macOS: xcode-select --install"
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null ||
  die "Node 20 or newer is missing" "install it from https://nodejs.org or your package manager"

source scripts/wasm-target.sh
install_wasm_target
source scripts/cargo-tools.sh
install_cargo_leptos
install_wasm_bindgen

checksum=$(cksum package.json package-lock.json)
if [ "$checksum" != "$(cat node_modules/.checksum 2>/dev/null)" ]; then
  step "Installing the npm packages (about 15 seconds)"
  npm ci || die "npm ci failed" "check that the npm registry can be reached, then try again"
  echo "$checksum" >node_modules/.checksum
fi
