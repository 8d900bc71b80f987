#!/usr/bin/env bash
# leptos.sh ARGUMENT...: runs `cargo leptos ARGUMENT...` after installing what it needs.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh
cargo_leptos "$@"
