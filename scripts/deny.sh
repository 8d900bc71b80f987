#!/usr/bin/env bash
# deny.sh CHECK...: runs the checks of cargo-deny on all dependencies, after installing it if it is missing.
source "$(dirname "$0")/lib.sh"
source scripts/cargo-tools.sh
install_cargo_deny
cargo deny check "$@"
