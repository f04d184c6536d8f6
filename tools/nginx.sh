#!/bin/sh
# Makes sure that there is an nginx for the test of the documented proxy.
set -eu
PATH="$PATH:/usr/sbin:/usr/local/sbin"
command -v nginx >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && apt-get install -y -qq nginx-light >/dev/null && exit 0
fi
echo "The test of the documented proxy needs nginx. Install it (Debian/Ubuntu, as root: apt-get install nginx-light) and run make test-long again." >&2
exit 1
