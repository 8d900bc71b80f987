#!/usr/bin/env bash
# bench-browser.sh [SCRIPT]: measures the home page in Chromium beside a static page with Clerk's scripts, or as the script of
# benches/ says, and prints tables in Markdown. Takes about three minutes; nothing else should run meanwhile. See
# benches/README.md.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh
CHROMIUM=$(scripts/chromium.sh)
export CHROMIUM
scripts/test-build.sh

step "Measuring"
test_site
exec node "benches/${1:-browser.mjs}" "$(target_dir)/release/leptos-with-clerk"
