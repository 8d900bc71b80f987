#!/usr/bin/env bash
# Packages the crates as they would be published, and compiles each package. Publishes nothing.
source "$(dirname "$0")/lib.sh"
step "Packages: contents, manifests and a build of each"
# Parts of the app, and the floor of the benchmarks, are not published.
cargo package --workspace --exclude leptos-with-clerk --exclude floor --exclude http-server --exclude session-stores \
  --exclude static-files --exclude app-server "$@"
