#!/usr/bin/env bash
# Builds the app in the development profile and starts it. Ctrl-C stops it.
source "$(dirname "$0")/lib.sh"

addr=${LEPTOS_SITE_ADDR:-127.0.0.1:5001}
port=${addr##*:}
if port_answers "$port"; then
  die "port $port is in use" "stop what listens there, or choose another port:" \
    "LEPTOS_SITE_ADDR=127.0.0.1:5003 APP_URL=http://localhost:5003 make run"
fi

scripts/setup.sh

step "Building (development profile; the first time takes minutes)"
cargo_leptos build || die "the build failed; the compiler's messages stand above"

step "Starting (Ctrl-C stops it; make watch rebuilds at every change)"
exec "$(target_dir)/debug/leptos-with-clerk"
