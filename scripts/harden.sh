#!/usr/bin/env bash
# harden.sh [PART...]: tests what a broken network, a busy day and dying machines do to the app, and fuzzes what parses
# input of strangers. Takes up to 20 minutes beside compiling; nothing else should run meanwhile. Parts: faults, nodes, load,
# fuzz; all without an argument. See docs/reliability.md.
source "$(dirname "$0")/lib.sh"

parts=${*:-faults nodes load fuzz}
for part in $parts; do
  case $part in
    faults | nodes | load | fuzz) ;;
    *) die "there is no part $part" "the parts are faults, nodes, load and fuzz" ;;
  esac
done
programs=$(printf '%s\n' $parts | grep -v '^fuzz$') || true

# need PROGRAM PACKAGE
need() { have "$1" || apt_install "$2"; }

status=0
if [ -n "$programs" ]; then
  [ "$(uname)" = Linux ] || die "these tests need Linux" "only the part fuzz runs elsewhere: make harden PARTS=fuzz"
  [ "$(id -u)" = 0 ] || die "these tests mount a small file system to fill it, which needs root"
  scripts/setup.sh
  scripts/databases.sh
  CHROMIUM=$(scripts/chromium.sh)
  need haproxy haproxy
  need h2load nghttp2-client
  need faketime faketime
  export CHROMIUM
  scripts/test-build.sh
  # shellcheck disable=SC2086 # one word a part
  node tests/harden/main.mjs "$(target_dir)/release/leptos-with-clerk" $programs || status=1
fi
case " $parts " in *" fuzz "*) scripts/fuzz.sh 15 || status=1 ;; esac
[ $status = 0 ] || die "a test failed, see the tables"
