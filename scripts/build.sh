#!/usr/bin/env bash
# The production build: optimised, compressed, with hashed file names, without the local Clerk.
source "$(dirname "$0")/lib.sh"
export LEPTOS_HASH_FILES=true
scripts/leptos.sh build --release --precompress --bin-features ssr
# Declarations for TypeScript, which nothing serves.
find "${LEPTOS_SITE_ROOT:-$(target_dir)/site}" -name '*.d.*ts*' -delete
