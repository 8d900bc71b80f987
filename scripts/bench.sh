#!/usr/bin/env bash
# bench.sh [SCRIPT]: measures the app beside the floor (benches/floor), or as the script of benches/ says, and prints
# tables in Markdown. Takes about four minutes; nothing else should run meanwhile. Settings are environment variables, see
# benches/README.md.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh
have wrk || apt_install wrk

step "Building the app, the floor and the local Clerk"
cargo build --release --package leptos-with-clerk --package floor --package local-clerk --features "$TEST_FEATURES"

step "Measuring"
release=$(target_dir)/release
exec node "benches/${1:-bench.mjs}" "$release/leptos-with-clerk" "$release/floor" "$release/local-clerk"
