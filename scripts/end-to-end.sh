#!/usr/bin/env bash
# The command of `cargo leptos end-to-end`: runs the browser tests on the build that cargo-leptos has just made.
source "$(dirname "$0")/lib.sh"
# cargo-leptos does not say which profile it built, but its own arguments do.
profile=debug options=()
parent=$({ tr '\0' ' ' <"/proc/$PPID/cmdline" || ps -o args= -p "$PPID"; } 2>/dev/null)
case " $parent " in *" --release "* | *" -r "*) profile=release options=(--release) ;; esac
cargo build -p local-clerk ${options[@]+"${options[@]}"}
directory=$(target_dir)/$profile
export SERVER=$directory/leptos-with-clerk LOCAL_CLERK_BIN=$directory/local-clerk
exec scripts/browser-tests.sh "$@"
