#!/usr/bin/env bash
# Runs every check; installs what they need where it is missing (Debian packages).
set -euo pipefail
cd "$(dirname "$0")"

need() { # command package
  command -v "$1" >/dev/null 2>&1 && return
  echo "installing $2"
  if [ "$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq "$2" >/dev/null
  else sudo apt-get update -qq && sudo apt-get install -y -qq "$2" >/dev/null; fi
}
need git git
need cc gcc

echo "== format"
git ls-files -z '*.rs' ':!:crates/*/fixtures/*' ':!:examples/*' | xargs -0 rustfmt --check --edition 2024 --config-path .

echo "== lints"
cargo clippy --quiet --workspace --all-targets -- -D warnings

echo "== tidy"
cargo run --quiet --package xtask -- tidy
cargo run --quiet --package xtask -- docs --check

echo "== tests"
cargo test --workspace --no-fail-fast
