#!/usr/bin/env bash
# Runs every check. Stops at the first failure; prints at the end how long each step took.
source "$(dirname "$0")/lib.sh"

times=
timed() {
  local name=$1 start=$SECONDS
  shift
  "$@"
  times+=$(printf '\n%5d s  %s' $((SECONDS - start)) "$name")
}

summary() {
  local status=$?
  step "Time by step$times"
  [ $status -eq 0 ] && step "All tests passed in $SECONDS s" || step "FAILED after $SECONDS s: see above"
}
trap summary EXIT

rust_tests() {
  step "Rust tests (release profile, shared with the build that the browser tests use)"
  cargo test --release --workspace --features "$TEST_FEATURES"
}

# Only `make package` compiles the packages: in the development profile, which would double the build time here.
packages() { scripts/package.sh --no-verify --allow-dirty; }

browser_tests() {
  step "Browser tests, with a development and a production instance of the local Clerk"
  scripts/browser-tests.sh
}

# As a team would write it that knows nothing but the reference: it imports nothing of the other tests.
from_the_docs() {
  step "A test suite written from the reference of the local Clerk, in parallel workers"
  LOCAL_CLERK_BIN=$(target_dir)/release/local-clerk CHROMIUM=$(scripts/chromium.sh) playwright test -c tests/from-the-docs
}

contract() {
  step "Recorded replies of the local Clerk, against Clerk's published contract"
  node tests/contract/check.mjs "$LOCAL_CLERK_RECORD"
  node tests/compat/calls.mjs "$LOCAL_CLERK_RECORD"
  BACKEND_API_REPLIES=$LOCAL_CLERK_RECORD cargo test --release --workspace --features "$TEST_FEATURES" \
    --test backend_api -- --ignored
}

# Every local Clerk in the tests appends its replies to this file, one line in one write.
LOCAL_CLERK_RECORD=$(target_dir)/local-clerk-replies.jsonl
export LOCAL_CLERK_RECORD
mkdir -p "$(target_dir)"
rm -f "$LOCAL_CLERK_RECORD"

timed "tools" scripts/setup.sh
timed "Chromium" scripts/chromium.sh
timed "Python" scripts/python.sh
timed "databases" scripts/databases.sh
timed "format, lints, documentation, dependencies" scripts/check.sh
timed "packages" packages
timed "Rust tests" rust_tests
timed "instruction ratios" scripts/instructions.sh
timed "release build" scripts/test-build.sh
timed "browser tests" browser_tests
timed "suite written from the reference" from_the_docs
timed "contract" contract
