#!/usr/bin/env bash
# The production build: optimised, compressed, with hashed file names, without the local Clerk.
source "$(dirname "$0")/lib.sh"
export LEPTOS_HASH_FILES=true
# The tests keep symbols: callgrind finds functions by them.
export CARGO_PROFILE_RELEASE_STRIP=symbols
scripts/leptos.sh build --release --precompress --bin-features ssr
# Declarations for TypeScript, which nothing serves.
find "${LEPTOS_SITE_ROOT:-$(target_dir)/site}" -name '*.d.*ts*' -delete
