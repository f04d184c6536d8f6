#!/bin/sh
# Installs what the bench is measured against: glmm, mixedlm and choix in an environment of their own, R with lme4 and belenios-tool where we may.
set -eu
[ -x build/rivals/bin/python ] || .venv/bin/python -m venv build/rivals
build/rivals/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/rivals.txt
if Rscript -e "quit(status = !requireNamespace('lme4', quietly = TRUE))" 2>/dev/null; then
    echo "R with lme4 is there."
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends r-base-core r-cran-lme4 libopenblas0
else
    echo "lme4 is not measured: install R with lme4 (Debian/Ubuntu, as root: apt-get install r-base-core r-cran-lme4 libopenblas0)." >&2
fi
if command -v belenios-tool >/dev/null; then
    echo "belenios-tool is there."
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends belenios-tool
else
    echo "Belenios is not measured: install belenios-tool (Debian/Ubuntu, as root: apt-get install belenios-tool)." >&2
fi
