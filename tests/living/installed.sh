#!/bin/sh
# What packaging/Containerfile and the systemd unit promise, in a root of its own: an installed wheel, a root that nobody can write to,
# one folder for all data, an account without privileges. Run by tests/house/test_installed.py as
#   unshare --mount --propagation private sh installed.sh WHEEL PYTHON-PREFIX PACKAGES DATA COMMAND…
# as root. Nothing of it is seen outside: its mounts end with it.
set -eu
wheel="$1" python="$2" packages="$3" data="$4"
shift 4
mount -t tmpfs -o mode=0755 tmpfs /opt
mkdir /opt/python /opt/packages /opt/data /opt/wheel
mount --bind "$python" /opt/python
mount --bind "$packages" /opt/packages
mount --bind "$data" /opt/data
cp "$wheel" /opt/wheel/
name="$(cd /opt/python/bin && ls | grep -E '^python3\.[0-9]+$' | head -n 1)"
export LD_LIBRARY_PATH=/opt/python/lib
"/opt/python/bin/$name" -m venv /opt/zhengyou
echo /opt/packages > "$(echo /opt/zhengyou/lib/python3*/site-packages)/fetched.pth"
/opt/zhengyou/bin/python -m pip install --quiet --disable-pip-version-check --no-index /opt/wheel/*.whl
chown -R 65534:65534 /opt/data
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -o remount,bind,ro /opt
mount -o remount,bind,ro /opt/packages
mount -o remount,bind,ro /opt/python
mount -o remount,bind,ro /
cd /opt/data
export HOME=/nonexistent ZHENGYOU_HOME=/opt/data NUMBA_CACHE_DIR=/opt/data/compiled PYTHONDONTWRITEBYTECODE=1
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
