#!/usr/bin/env bash
# Prints the path of the Chromium to test with: $CHROMIUM, an installed one, or Playwright's own. Installs one if
# there is none.
source "$(dirname "$0")/lib.sh"

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "$(node -p 'require("playwright-core").chromium.executablePath()' 2>/dev/null)"; do
    if [ -n "$name" ] && have "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}

find_chromium && exit
step "Installing Chromium for the browser tests"
if have apt-get; then apt_install chromium >&2; else npx playwright install chromium >&2; fi
find_chromium || die "no Chromium was found" "install Chromium or Chrome, or set CHROMIUM to its path"
