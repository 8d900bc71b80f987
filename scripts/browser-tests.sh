#!/usr/bin/env bash
# browser-tests.sh [ARGUMENT...]: runs Playwright on the build of `scripts/test-build.sh`. Arguments go to
# `playwright test`: a file, --project=production, --ui, ...
source "$(dirname "$0")/lib.sh"
CHROMIUM=$(scripts/chromium.sh)
if [ -z "${SERVER:-}" ]; then
  test_site
  release=$(target_dir)/release
  SERVER=$release/leptos-with-clerk
  LOCAL_CLERK_BIN=$release/local-clerk
  START_AXUM=$release/start-axum
  START_AXUM_SITE=$(target_dir)/start-axum-site
  GALLERY=$release/gallery
  GALLERY_SITE=$(target_dir)/gallery-site
  export LOCAL_CLERK_BIN START_AXUM START_AXUM_SITE GALLERY GALLERY_SITE
fi
export CHROMIUM SERVER
[ -x "$SERVER" ] || die "$SERVER is missing" "build it: scripts/test-build.sh"
# The examples are built under the app's output name, see test-build.sh.
export LEPTOS_OUTPUT_NAME=leptos-with-clerk
exec playwright test -c end2end "$@"
