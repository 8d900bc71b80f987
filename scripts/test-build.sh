#!/usr/bin/env bash
# Builds what the browser tests run, in the release profile: the browser half of the app, the examples of
# leptos-clerk, and, where `make test` has not built them yet, the programs.
source "$(dirname "$0")/lib.sh"

# The same selection of packages and features as the Rust tests, so it compiles little besides them.
step "Release build: programs"
cargo test --release --workspace --features "$TEST_FEATURES" --no-run

step "Release build: browser half"
(
  test_site
  cargo_leptos build --release --precompress --frontend-only
)

# Leptos records LEPTOS_OUTPUT_NAME when it is compiled. With another name it would be compiled again.
for example in start-axum gallery; do
  step "Release build: the example $example of leptos-clerk"
  (
    CARGO_TARGET_DIR=$(target_dir)
    LEPTOS_SITE_ROOT=$CARGO_TARGET_DIR/$example-site
    LEPTOS_OUTPUT_NAME=leptos-with-clerk
    LEPTOS_HASH_FILES=false
    # Compiling the server half takes longer than what optimisation saves.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0
    export CARGO_TARGET_DIR LEPTOS_SITE_ROOT LEPTOS_OUTPUT_NAME LEPTOS_HASH_FILES CARGO_PROFILE_RELEASE_OPT_LEVEL
    cd crates/leptos-clerk/examples/$example
    cargo_leptos build --release
  )
done
