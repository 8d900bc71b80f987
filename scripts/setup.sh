#!/usr/bin/env bash
# Everything that building needs. Looks first and leaves alone what is there, so a second run is
# a matter of a second. Tried on Debian 12; other Linux and macOS take the same steps without the
# Debian packages, but nobody has tried macOS yet.
source "$(dirname "$0")/lib.sh"

have cargo || die "cargo is missing" "install Rust with rustup: https://rustup.rs"
have cc || die "a C compiler is missing (SQLite and the TLS library need it)" \
  "Debian, Ubuntu: apt-get install build-essential" "macOS: xcode-select --install"
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null ||
  die "Node 20 or newer is missing" "install it from https://nodejs.org or your package manager"

source scripts/wasm-target.sh
source scripts/cargo-tools.sh

checksum=$(cksum package.json package-lock.json)
if [ "$checksum" != "$(cat node_modules/.checksum 2>/dev/null)" ]; then
  step "Installing the npm packages (a quarter of a minute)"
  npm ci || die "npm ci failed" "check that the npm registry can be reached, then try again"
  echo "$checksum" >node_modules/.checksum
fi
