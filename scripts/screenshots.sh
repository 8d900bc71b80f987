#!/usr/bin/env bash
# Takes a screenshot of every page of the release build: end2end/screenshots/
source "$(dirname "$0")/lib.sh"
scripts/setup.sh
scripts/test-build.sh
SCREENSHOTS=1 scripts/browser-tests.sh --project=development
