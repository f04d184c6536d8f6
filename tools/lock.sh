#!/bin/sh
# Renews the locked versions: with hashes, without any index address.
set -eu
.venv/bin/python -m pip install --quiet uv
for name in base dev node rivals spark oracles; do
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
        "requirements/$name.in" -o "requirements/$name.txt"
done
