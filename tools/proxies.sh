#!/bin/sh
# Makes sure that there are an nginx, a Caddy and systemd's own checker for the tests of what packaging/ ships.
set -eu
PATH="$PATH:/usr/sbin:/usr/local/sbin"
complete() {
    for name in nginx caddy systemd-analyze; do
        command -v "$name" >/dev/null 2>&1 || return 1
    done
}
complete && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light caddy systemd; } >/dev/null && complete && exit 0
fi
echo "What packaging/ ships is checked by nginx, Caddy and systemd-analyze. Install them (Debian/Ubuntu, as root: apt-get install nginx-light caddy systemd) and run make test-long again." >&2
exit 1
