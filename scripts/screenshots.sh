#!/usr/bin/env bash
# Takes pictures of every page of the release build, to be looked at.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh
CHROMIUM=$(scripts/chromium.sh)
export CHROMIUM
cargo_leptos build --release --precompress
SCREENSHOTS=1 SERVER=$(target_dir)/release/leptos-with-clerk npx playwright test -c end2end --project=development
note "end2end/screenshots/"
