#!/usr/bin/env bash
# Formatting and lints, for each way the crate is compiled. In the release profile, to share build
# scripts and procedural macros with the build that is tested.
source "$(dirname "$0")/lib.sh"

lint() {
  step "Lints: $1"
  cargo clippy --release --no-default-features --features "$@" -- -D warnings
}

step "Format"
cargo fmt --check || die "the code is not formatted" "run: cargo fmt"
lint ssr,local-clerk --all-targets
lint ssr
lint hydrate --lib
step "Documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --no-default-features --features ssr,local-clerk
