#!/usr/bin/env bash
# Tries the read-only calls of the Backend API with the keys of the environment or of .env. Changes nothing, and prints no
# key. Another instance than Clerk's own, such as a local one, is chosen by CLERK_API_URL.
source "$(dirname "$0")/lib.sh"

# The features that `make run` builds with, so that dependencies are compiled once.
exec cargo run --quiet --no-default-features --features ssr,local-clerk --example check_clerk
