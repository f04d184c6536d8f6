#!/bin/sh
# Makes sure that the booth can be tried in the engines of Firefox and Safari too; the test fails in words where it cannot.
set -eu
have() { command -v "$1" >/dev/null 2>&1; }
complete() {
    have firefox-esr || have firefox || return 1
    [ "$(uname)" != Linux ] || { have WebKitWebDriver && have Xvfb; }
}
complete && exit 0
if [ "$(id -u)" = 0 ] && have apt-get; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends firefox-esr webkit2gtk-driver xvfb; } >/dev/null || true
fi
complete || echo "The booth is also tried in Firefox and in WebKitGTK. Install what is missing (Debian, as root: apt-get install firefox-esr webkit2gtk-driver xvfb; elsewhere: Firefox); without it their tests fail." >&2
