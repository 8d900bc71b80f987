#!/usr/bin/env bash
# The command of `cargo leptos end-to-end`: runs the browser tests on the build that cargo-leptos has just made.
source "$(dirname "$0")/lib.sh"
# cargo-leptos does not say which profile it built, but it writes this file beside the program every time.
hash_file=$(ls -t "$(target_dir)"/{debug,release}/hash.txt 2>/dev/null | head -n 1 || true)
[ -n "$hash_file" ] || die "there is no build" "run: cargo leptos end-to-end"
directory=$(dirname "$hash_file")
profile=()
[ "$(basename "$directory")" = debug ] || profile=(--release)
cargo build -p local-clerk ${profile[@]+"${profile[@]}"}
export SERVER=$directory/leptos-with-clerk LOCAL_CLERK_BIN=$directory/local-clerk
exec scripts/browser-tests.sh "$@"
