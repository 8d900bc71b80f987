#!/usr/bin/env bash
# Formatting, lints, documentation and dependencies. Lints run in the release profile, which shares build
# scripts and procedural macros with the build that is tested.
source "$(dirname "$0")/lib.sh"

# lint WHAT ARGUMENT...
lint() {
  step "Lints: $1"
  shift
  cargo clippy --release "$@" -- -D warnings
}

step "Format"
for workspace in Cargo.toml tests/compat/Cargo.toml; do
  cargo fmt --all --check --manifest-path $workspace ||
    die "the code is not formatted" "run: cargo fmt --all --manifest-path $workspace"
done

lint "workspace" --workspace --all-targets --features "$TEST_FEATURES"
lint "production server" -p leptos-with-clerk --no-default-features --features ssr
# Which lints local-clerk as a library too.
lint "server with traces and a local Clerk" -p leptos-with-clerk --no-default-features --features otel,local-clerk-in-release
lint "browser half" -p leptos-with-clerk --lib --no-default-features --features hydrate
lint "leptos-clerk with client-side rendering" -p leptos-clerk --no-default-features --features csr
lint "clerk-auth without its backend" -p clerk-auth --no-default-features

step "leptos-clerk with erased components, as \`cargo leptos watch\` compiles it for other packages"
# Naming the target keeps the flag away from build scripts and procedural macros, which are not compiled again then.
RUSTFLAGS="--cfg erase_components" cargo check --release --target "$(rustc -vV | sed -n 's/^host: //p')" \
  --package leptos-clerk --no-default-features --features ssr

step "Documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --no-deps --features "$TEST_FEATURES"

step "Quickstart"
node tests/quickstart/check.mjs

step "Lock files of npm"
for lock in $(git ls-files '*package-lock.json'); do
  directory=$(dirname "$lock")
  npm ci --dry-run --prefix "$directory" >/dev/null ||
    die "$lock does not match its package.json" "run: npm install --package-lock-only --prefix $directory"
done

step "Recipes for the local Clerk, and their table of versions"
node tests/compat/table.mjs

step "The table of Clerk's exports and ours"
node tests/components/table.mjs

step "Licences, duplicate versions and sources of the dependencies"
scripts/deny.sh licenses bans sources
