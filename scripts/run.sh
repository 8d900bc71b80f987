#!/usr/bin/env bash
# Builds the app in the development profile and starts it. Ctrl-C stops it.
source "$(dirname "$0")/lib.sh"

addr=${LEPTOS_SITE_ADDR:-127.0.0.1:5001}
port=${addr##*:}
if port_answers "$port"; then
  die "port $port is in use" "stop the program that listens there, or choose another port:" \
    "LEPTOS_SITE_ADDR=127.0.0.1:5003 APP_URL=http://localhost:5003 make run"
fi

scripts/setup.sh

step "Building (development profile; the first build takes minutes)"
# Leptos is compiled differently when this variable is set, as `cargo leptos watch` does. With the same value
# here, `make watch` does not compile Leptos and everything that depends on it again.
LEPTOS_WATCH=true cargo_leptos build || die "the build failed; see the compiler's messages above"

step "Starting (Ctrl-C stops it; make watch rebuilds on every change)"
# File names have no hash in this build; the program expects one unless it is told.
LEPTOS_HASH_FILES=false exec "$(target_dir)/debug/leptos-with-clerk"
