# Functions that install the tools written in Rust: sourced by setup.sh, deny.sh and fuzz.sh.
#
# The tools are compiled without optimisation, except for the few crates where it pays off: that takes minutes instead
# of the better part of an hour. They go to cargo's own bin directory, where `cargo leptos` finds them from
# any shell. For an optimised cargo-leptos: cargo install cargo-leptos --force.

CARGO_LEPTOS_VERSION=0.3.11
CARGO_LEPTOS_RUST=1.96.0 # the oldest version that compiles it
CARGO_DENY_VERSION=0.20.2
CARGO_FUZZ_VERSION=0.13.2

# Sets tools_toolchain to the +TOOLCHAIN that compiles cargo-leptos; empty for the default toolchain.
choose_tools_toolchain() {
  tools_toolchain=
  rustc_is_recent && return
  have rustup || die "cargo-leptos needs Rust $CARGO_LEPTOS_RUST or newer" "update Rust, then try again"
  local name
  for name in "$CARGO_LEPTOS_RUST" "$DEBIAN_TOOLCHAIN"; do
    tools_toolchain="+$name"
    rustc_is_recent && return
  done
  step "Installing Rust $CARGO_LEPTOS_RUST beside the default toolchain, to compile cargo-leptos with"
  rustup toolchain install "$CARGO_LEPTOS_RUST" --profile minimal --no-self-update ||
    die "rustup could not fetch Rust $CARGO_LEPTOS_RUST" "update Rust instead: rustup update stable"
  tools_toolchain="+$CARGO_LEPTOS_RUST"
}

rustc_is_recent() {
  local version
  version=$(rustc ${tools_toolchain:+"$tools_toolchain"} --version 2>/dev/null | cut -d' ' -f2) &&
    [ "$(printf '%s\n' "$CARGO_LEPTOS_RUST" "${version%%-*}" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$CARGO_LEPTOS_RUST" ]
}

# cargo_install PACKAGE VERSION OPTIMISED-CRATES [OPTION...]
cargo_install() {
  local package=$1 version=$2 crate
  local options=(--config 'profile.dev.debug=0' --config 'profile.dev.debug-assertions=false')
  for crate in $3; do options+=(--config "profile.dev.package.$crate.opt-level=3"); done
  shift 3
  # Not into CARGO_TARGET_DIR, whose artefacts have other flags.
  env -u CARGO_TARGET_DIR cargo ${tools_toolchain:+"$tools_toolchain"} "${options[@]}" install \
    "$package@$version" --debug "$@" ||
    die "$package $version could not be installed" \
      "check that the crate registry can be reached, then try again"
}

install_cargo_leptos() {
  have cargo-leptos && return
  choose_tools_toolchain
  step "Installing cargo-leptos $CARGO_LEPTOS_VERSION (5 to 10 minutes, once)"
  cargo_install cargo-leptos "$CARGO_LEPTOS_VERSION" "brotli libflate" --locked --features no_downloads
}

# In exactly the version of Cargo.lock, which its output has to match.
install_wasm_bindgen() {
  local version root=()
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
  [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $version" ] || return 0
  choose_tools_toolchain
  step "Installing wasm-bindgen $version, the version of Cargo.lock (2 to 4 minutes, once)"
  if have wasm-bindgen; then
    note "$(command -v wasm-bindgen) has another version and is kept; this one goes to .tools/bin"
    root=(--root "$PWD/.tools")
  fi
  cargo_install wasm-bindgen-cli "$version" "walrus wasmparser wasm-bindgen-cli-support" \
    ${root[@]+"${root[@]}"}
}

install_cargo_deny() {
  have cargo-deny && return
  tools_toolchain=
  step "Installing cargo-deny $CARGO_DENY_VERSION (1 to 2 minutes, once)"
  cargo_install cargo-deny "$CARGO_DENY_VERSION" "" --locked
}

install_cargo_fuzz() {
  have cargo-fuzz && return
  tools_toolchain=
  step "Installing cargo-fuzz $CARGO_FUZZ_VERSION (1 to 2 minutes, once)"
  cargo_install cargo-fuzz "$CARGO_FUZZ_VERSION" "" --locked
}
