#!/usr/bin/env bash
# browser-tests.sh [ARGUMENT...]: Playwright against the release build that is there, with a server for
# each kind of Clerk instance. Arguments go to `playwright test`: a file, --project=production, --ui, ...
source "$(dirname "$0")/lib.sh"
CHROMIUM=$(scripts/chromium.sh)
SERVER=$(target_dir)/release/leptos-with-clerk
export CHROMIUM SERVER
[ -x "$SERVER" ] || die "$SERVER is missing" "build it: scripts/leptos.sh build --release --precompress"
exec playwright test -c end2end "$@"
