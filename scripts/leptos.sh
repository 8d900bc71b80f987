#!/usr/bin/env bash
# leptos.sh ARGUMENT...: `cargo leptos ARGUMENT...` with everything it needs in place.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh
cargo_leptos "$@"
