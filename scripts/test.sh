#!/usr/bin/env bash
# Everything that must hold. Stops at the first failure; prints at the end how long each step took.
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
  cargo test --release --no-default-features --features ssr,local-clerk
}

build() {
  step "Release build"
  cargo_leptos build --release --precompress
}

browser_tests() {
  step "Browser tests, against a development and a production instance of the local Clerk"
  scripts/browser-tests.sh
}

contract() {
  step "Every reply of the local Clerk in these tests, against Clerk's published contract"
  node tests/contract/check.mjs "$LOCAL_CLERK_RECORD"
}

LOCAL_CLERK_RECORD="$PWD/target/local-clerk-replies.jsonl"
export LOCAL_CLERK_RECORD
mkdir -p target
rm -f "$LOCAL_CLERK_RECORD"

timed "tools" scripts/setup.sh
timed "Chromium" scripts/chromium.sh
timed "Python" scripts/python.sh
timed "format, lints, documentation" scripts/check.sh
timed "Rust tests" rust_tests
timed "release build" build
timed "browser tests" browser_tests
timed "contract" contract
