#!/bin/sh
# Makes the virtual environment, or says in a sentence what is missing.
set -eu
python="$1"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Zhengyou needs Python 3.11 or newer. Install it (Debian/Ubuntu: apt-get install python3 python3-venv) or run: make PYTHON=/path/to/python3.11 $*" >&2
    exit 1
fi
if ! "$python" -m venv .venv; then
    echo "Python cannot make a virtual environment. Install its part for that (Debian/Ubuntu: apt-get install python3-venv) and run make again." >&2
    exit 1
fi
# The sources are found from the environment without building or installing the project.
.venv/bin/python - <<'PY'
import pathlib, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "zhengyou.pth").write_text(str(pathlib.Path("src").resolve()) + "\n")
PY
touch .venv/made.stamp
