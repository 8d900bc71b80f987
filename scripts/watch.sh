#!/usr/bin/env bash
# Starts the app in the development profile; rebuilds it and reloads the browser on every change.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh
cargo_leptos watch "$@"
