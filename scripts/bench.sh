#!/usr/bin/env bash
# Measures the app beside the floor (benches/floor), and prints a table in Markdown. Takes about four minutes; nothing
# else should run meanwhile. Settings are environment variables, see benches/README.md.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh
have wrk || apt_install wrk

step "Building the app and the floor"
cargo build --release --package leptos-with-clerk --package floor --features "$TEST_FEATURES"

step "Measuring"
release=$(target_dir)/release
exec node benches/bench.mjs "$release/leptos-with-clerk" "$release/floor"
