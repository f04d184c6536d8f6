#!/bin/sh
# Builds the browser's part with the system's Node, or with one that comes as a Python wheel.
set -eu
if command -v npm >/dev/null 2>&1 && node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null; then
    :
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt
    PATH="$PWD/.venv/bin:$PATH"
    export PATH
fi
cd frontend
npm ci --silent --no-fund --no-audit
npm run --silent build
touch ../src/zhengyou/static/dist/built.stamp
