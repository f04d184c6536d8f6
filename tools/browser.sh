#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: rather one without windows, which takes a third of the work.
set -eu
installed() {
    for name in "$@"; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}
from_debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && apt-get update -qq && apt-get install -y -qq "$@" fonts-noto-cjk >/dev/null
}
installed chromium-headless-shell && exit 0
# Where checks run by themselves nobody minds a second browser.
if [ "${CI:-}" = true ] && from_debian chromium-headless-shell; then exit 0; fi
installed chromium chromium-browser google-chrome && exit 0
.venv/bin/python - <<'PY' && exit 0
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
PY
from_debian chromium-headless-shell && exit 0
from_debian chromium && exit 0
.venv/bin/python -m playwright install chromium && exit 0
echo "The browser tests need Chromium. Install it (Debian/Ubuntu, as root: apt-get install chromium fonts-noto-cjk) and run make test again." >&2
exit 1
