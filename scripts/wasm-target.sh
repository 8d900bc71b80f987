# Functions that provide a Rust toolchain that compiles for the browser: sourced by setup.sh.
#
# Usually that is `rustup target add`. Where rustup cannot reach its servers but a Debian mirror can be reached,
# Debian's rustc-web serves as well. It is linked as a separate rustup toolchain; the default one stays as it is.

debian_wasm_target() {
  step "Installing Debian's Rust toolchain for WebAssembly (130 MB, half a minute)"
  apt_install rustc-web cargo-web rust-web-src ||
    die "apt-get could not install rustc-web" "check that the Debian mirror can be reached, then try again"
  rustup toolchain link "$DEBIAN_TOOLCHAIN" /usr

  # The packages do not contain the linker; rust-lld of another recent toolchain works.
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

install_wasm_target() {
  builds_wasm && return
  have rustup || die "this Rust cannot compile for $WASM_TARGET" \
    "install the target with your package manager, or Rust with rustup: https://rustup.rs"
  builds_wasm "$DEBIAN_TOOLCHAIN" && return
  step "Adding the Rust target $WASM_TARGET"
  rustup target add "$WASM_TARGET" && return
  have apt-get || die "rustup could not add $WASM_TARGET" \
    "check the network, then try again: rustup target add $WASM_TARGET"
  note "rustup could not fetch it; installing Debian's packages instead"
  debian_wasm_target
  builds_wasm "$DEBIAN_TOOLCHAIN" || die "the $DEBIAN_TOOLCHAIN toolchain does not compile for $WASM_TARGET" \
    "to see why: echo | rustc +$DEBIAN_TOOLCHAIN --target $WASM_TARGET --crate-type lib -"
  note "make uses it automatically; elsewhere: RUSTUP_TOOLCHAIN=$DEBIAN_TOOLCHAIN cargo leptos watch"
}
