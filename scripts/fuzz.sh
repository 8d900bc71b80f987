#!/usr/bin/env bash
# fuzz.sh [SECONDS [TARGET...]]: runs each fuzz target, or the given ones, for so many seconds (default: 10), and prints how
# many inputs each has executed. What they find stays in fuzz/corpus and is used again; fuzz/seeds is what they begin with.
# Fails on a crash. The first run compiles the app with other flags, which takes minutes.
source "$(dirname "$0")/lib.sh"
source scripts/cargo-tools.sh
seconds=${1:-10}
[ "$seconds" -gt 0 ] 2>/dev/null || die "$seconds is not a number of seconds" "usage: scripts/fuzz.sh [SECONDS [TARGET...]]"
shift || true
install_cargo_fuzz
targets=("$@")
[ $# -gt 0 ] || for file in fuzz/fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done

# Without a sanitizer, which would need a nightly toolchain: the code has no `unsafe`.
step "Fuzz targets: compiling"
cargo fuzz build --sanitizer none

total=0
report=
for target in "${targets[@]}"; do
  step "Fuzz target $target: $seconds s"
  mkdir -p "fuzz/corpus/$target" fuzz/artifacts
  log=$(mktemp)
  # The program itself rather than `cargo fuzz run`, which would check the build again.
  if ! fuzz/target/*/release/"$target" -max_total_time="$seconds" -timeout=10 -max_len=4096 -print_final_stats=1 \
    -artifact_prefix="fuzz/artifacts/$target-" "fuzz/corpus/$target" "fuzz/seeds/$target" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    die "$target crashed" "the input is in fuzz/artifacts; run it: fuzz/target/*/release/$target FILE"
  fi
  executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  rm "$log"
  total=$((total + executed))
  report+=$(printf '%-14s %12d executions %9d a second' "$target" "$executed" "$((executed / seconds))")$'\n'
done
printf '%s%-14s %12d executions\n' "$report" total "$total"
