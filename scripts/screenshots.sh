#!/usr/bin/env bash
# Takes pictures of every page of the release build, to be looked at: end2end/screenshots/
source "$(dirname "$0")/lib.sh"
scripts/leptos.sh build --release --precompress
SCREENSHOTS=1 scripts/browser-tests.sh --project=development
