#!/usr/bin/env bash
# instructions.sh [--update]: counts the instructions of requests with callgrind, and compares their ratio to those of
# the floor (benches/floor) with benches/instructions.json. Unlike times, the counts do not depend on what else the
# machine does. With --update, writes the file.
source "$(dirname "$0")/lib.sh"
have valgrind || apt_install valgrind

step "Instructions of a request, beside those of the floor"
cargo build --release --workspace --bench instructions --features "$TEST_FEATURES" \
  --message-format json-render-diagnostics >"$(target_dir)/instructions.jsonl"
program=$(node -e '
  const lines = require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n").map(JSON.parse);
  console.log(lines.find((line) => line.target?.name === "instructions").executable);
' "$(target_dir)/instructions.jsonl")
exec node benches/instructions.mjs "$program" "$@"
