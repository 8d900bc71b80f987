# Sourced by setup.sh: makes sure that a Rust toolchain can build for the browser.
#
# The ordinary way is `rustup target add`. Where rustup cannot reach its servers but Debian's package
# mirror answers, Debian's rustc-web does the same job. It is linked as a rustup toolchain of its own and
# changes nothing of the default one.

debian_wasm_target() {
  step "Installing Debian's Rust toolchain for WebAssembly (130 MB, half a minute)"
  apt_install rustc-web cargo-web rust-web-src ||
    die "apt-get could not install rustc-web" "check that the Debian mirror can be reached, then try again"
  rustup toolchain link "$DEBIAN_TOOLCHAIN" /usr

  # The packages leave out the linker; any rust-lld of about the same age serves.
  local host lld
  host=$(rustc -vV | sed -n 's/^host: //p')
  lld=lib/rustlib/$host/bin/rust-lld
  [ -e "/usr/$lld" ] || {
    as_root mkdir -p "$(dirname "/usr/$lld")"
    as_root cp "$(rustc --print sysroot)/$lld" "/usr/$lld"
  }

  step "Building the standard library for $WASM_TARGET (about a minute)"
  local scratch
  scratch=$(mktemp -d)
  mkdir "$scratch/src"
  touch "$scratch/src/lib.rs"
  printf '[package]\nname = "scratch"\nedition = "2024"\n[workspace]\n' >"$scratch/Cargo.toml"
  (
    cd "$scratch"
    RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target cargo "+$DEBIAN_TOOLCHAIN" build --release --target "$WASM_TARGET" \
      -Z build-std=std,panic_abort,test
  ) || die "the standard library could not be built" \
    "check that the crate registry can be reached, then try again"
  as_root mkdir -p "/usr/lib/rustlib/$WASM_TARGET/lib"
  find "$scratch/target/$WASM_TARGET/release/deps" -name 'lib*.rlib' ! -name 'libscratch-*' |
    while read -r rlib; do as_root cp "$rlib" "/usr/lib/rustlib/$WASM_TARGET/lib/"; done
  rm -rf "$scratch"
}

if ! builds_wasm && ! { have rustup && builds_wasm "$DEBIAN_TOOLCHAIN"; }; then
  have rustup || die "this Rust cannot build for $WASM_TARGET" \
    "install the target with your package manager, or Rust with rustup: https://rustup.rs"
  step "Adding the Rust target $WASM_TARGET"
  if ! rustup target add "$WASM_TARGET"; then
    have apt-get || die "rustup could not add $WASM_TARGET" \
      "check the network, then try again: rustup target add $WASM_TARGET"
    note "rustup could not fetch it: taking Debian's packages instead"
    debian_wasm_target
    builds_wasm "$DEBIAN_TOOLCHAIN" || die "the $DEBIAN_TOOLCHAIN toolchain does not build for $WASM_TARGET" \
      "see what is wrong: echo | rustc +$DEBIAN_TOOLCHAIN --target $WASM_TARGET --crate-type lib -"
    note "make uses it by itself; in a shell of your own: RUSTUP_TOOLCHAIN=$DEBIAN_TOOLCHAIN cargo leptos watch"
  fi
fi
