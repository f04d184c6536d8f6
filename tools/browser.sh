#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: rather the one without windows (decision 133), else any.
set -eu
command -v chromium-headless-shell >/dev/null 2>&1 && exit 0
own() {
    .venv/bin/python - <<'PY'
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
PY
}
any() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    own
}
install() {
    apt-get install -y -qq "$@" fonts-noto-cjk >/dev/null 2>&1
}
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    install chromium-headless-shell && exit 0
    apt-get update -qq -o Acquire::Retries=0 && install chromium-headless-shell && exit 0
    any || install chromium || true
fi
any && exit 0
.venv/bin/python -m playwright install chromium && exit 0
echo "The browser tests need Chromium. Install it (Debian/Ubuntu, as root: apt-get install chromium-headless-shell fonts-noto-cjk, or chromium) and run make test again." >&2
exit 1
