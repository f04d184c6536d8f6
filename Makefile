# The commands of the house. Written for GNU make 3.81.
PYTHON ?= python3
PY = .venv/bin/python
PREFIX = /opt/zhengyou
PICTURES = build/screenshots
# The files that have long tests: each process of a run reads what it may have to run, and these are a tenth.
LONG = $(shell grep -rl --include='test_*.py' 'mark\.long' $(INSIDE))
LONG_JOURNEYS = $(shell grep -rl --include='test_*.py' 'mark\.long' tests/journeys)
INSIDE = tests/blindballot tests/honestrank tests/ownpostgres tests/operating tests/house tests/rooms tests/web
READY = .venv/kernels.stamp src/zhengyou/static/dist/built.stamp src/zhengyou/locale/compiled.stamp
# What is compiled once is kept, also where the environment says otherwise: every process would compile the house anew.
unexport PYTHONPATH PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-long setup run check fix bench wheel wheels install changelog dump pictures bench-rivals coverage browser lock test-spark test-oracles
.PHONY: check-types check-frontend check-style check-imports check-templates check-models check-words

# What comes after the first packages is done two at a time.
demo: .venv/base.stamp
	$(MAKE) -s -j 2 $(READY)
	$(PY) -m zhengyou demo $(if $(PACK),--pack $(PACK)) $(if $(FRESH),--fresh) $(if $(PORT),--port $(PORT)) $(if $(PHONE),--phone)

run: .venv/base.stamp
	$(MAKE) -s -j 2 $(READY)
	$(PY) -m zhengyou serve

setup: .venv/base.stamp
	$(MAKE) --no-print-directory -j 2 .venv/dev.stamp $(READY)

# Journeys apart: a browser leaves its loop in the process, and a test that runs there later would do jobs beside its transaction.
test: setup browser
	cd frontend && PATH="$$PWD/../.venv/bin:$$PATH" npm test --silent
	$(PY) -m pytest -n 3 --dist worksteal -m "not long" $(INSIDE)
	$(PY) -m pytest -n 3 --dist worksteal -m "not long" tests/journeys

# What takes long, marked `long`: kills, fuzzers past 20 seconds, a fresh machine, the other width of journeys. Four at once:
# they wait for servers half of their time. Of the few long journeys each process takes the next one only when it is free.
test-long: setup browser
	tools/proxies.sh
	tools/engines.sh
	$(PY) -m pytest -n 4 --dist worksteal -m long $(LONG)
	$(PY) -m pytest -n 3 --dist load --maxschedchunk 1 -m long $(LONG_JOURNEYS)

# Needs Java 17. PYTHONPATH is for the workers, which Spark starts.
test-spark: build/spark/made.stamp
	SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON=$(CURDIR)/build/spark/bin/python PYTHONPATH=src build/spark/bin/python -m pytest -c tests/spark/pytest.ini --rootdir tests/spark tests/spark

# Ranked ballots counted by pref_voting as well, which is too heavy for the house's own environment.
test-oracles: build/oracles/made.stamp
	build/oracles/bin/python -m pytest -c tests/oracles/pytest.ini --rootdir tests/oracles tests/oracles

check: setup
	$(MAKE) --no-print-directory -j 2 check-types check-frontend check-style check-imports check-templates check-models check-words

check-types:
	.venv/bin/mypy

check-frontend:
	cd frontend && PATH="$$PWD/../.venv/bin:$$PATH" npm run --silent check

check-style:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

check-imports:
	.venv/bin/lint-imports

check-templates:
	find src/zhengyou/templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +

check-models:
	$(PY) -m zhengyou makemigrations --check --dry-run zhengyou

check-words:
	$(PY) -m zhengyou translate check

fix: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	find src/zhengyou/templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +
	$(PY) -m zhengyou translate update
	$(PY) tools/changelog.py

changelog: .venv/made.stamp
	$(PY) tools/changelog.py

# What a stranger installs: the wheel with everything built inside, the locked list of what it needs, and the fingerprints of both.
wheel: .venv/base.stamp
	$(MAKE) -s -j 2 src/zhengyou/static/dist/built.stamp src/zhengyou/locale/compiled.stamp
	rm -rf build/release
	$(PY) -m pip wheel --quiet --disable-pip-version-check --no-deps --no-index -w build/release .
	cp requirements/base.txt build/release/requirements.txt
	$(PY) tools/fingerprints.py build/release

# For production: a place of its own with the locked packages and the wheel, and nothing that only developers need.
install: wheel
	"$(PYTHON)" -m venv "$(PREFIX)"
	"$(PREFIX)/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r build/release/requirements.txt
	"$(PREFIX)/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall build/release/zhengyou-*.whl
	"$(PREFIX)/bin/python" -c 'import honestrank.linear.kernels, honestrank.linear.left_sets'
	@echo "Zhengyou is installed: $(PREFIX)/bin/zhengyou version. docs/running.md says how to serve it."

# What the test of upgrades starts from: once for each release (docs/upgrading.md).
dump: setup
	$(PY) -m tests.dumps.making

# The handbook's pictures, from a demo that is served (SITE=http://localhost:8000).
pictures: setup
	$(PY) tools/handbook_pictures.py $(if $(SITE),$(SITE),http://localhost:8000)

# The verifier as a wheel; the pages of a record offer the same bytes.
wheels: .venv/base.stamp
	$(PY) -m zhengyou wheels build/wheels

bench: setup
	$(PY) -m tests.bench

coverage: setup
	OMP_NUM_THREADS=1 nice $(PY) -m tests.honestrank.coverage --page docs/methods/coverage.md

bench-rivals: setup
	sh tools/rivals.sh

browser:
	sh tools/browser.sh

lock: .venv/dev.stamp
	sh tools/lock.sh

.venv/made.stamp:
	sh tools/python.sh "$(PYTHON)"

.venv/base.stamp: .venv/made.stamp requirements/base.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/base.txt
	touch .venv/base.stamp

.venv/dev.stamp: .venv/base.stamp requirements/dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/dev.txt
	touch .venv/dev.stamp

build/spark/made.stamp: .venv/made.stamp requirements/spark.txt
	[ -x build/spark/bin/python ] || .venv/bin/python -m venv build/spark
	build/spark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
	touch build/spark/made.stamp

build/oracles/made.stamp: .venv/made.stamp requirements/oracles.txt
	[ -x build/oracles/bin/python ] || .venv/bin/python -m venv build/oracles
	build/oracles/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/oracles.txt
	touch build/oracles/made.stamp

# Compiled once, so that nobody waits for it later.
.venv/kernels.stamp: .venv/base.stamp src/honestrank/linear/kernels.py src/honestrank/linear/left_sets.py src/honestrank/linear/compiling.py
	$(PY) -c 'import honestrank.linear.kernels, honestrank.linear.left_sets'
	touch .venv/kernels.stamp

src/zhengyou/static/dist/built.stamp: .venv/base.stamp frontend/package.json frontend/package-lock.json frontend/build.mjs frontend/bundling.mjs frontend/sheet.mjs frontend/booth/*.ts frontend/recount/*.ts frontend/desk/*.ts frontend/page/*.ts frontend/writing/*.ts frontend/shared/*.ts
	sh tools/frontend.sh

src/zhengyou/locale/compiled.stamp: .venv/base.stamp src/zhengyou/locale/zh_Hans/LC_MESSAGES/django.po
	$(PY) -m zhengyou translate compile
	touch src/zhengyou/locale/compiled.stamp
