# Contested. Every verb sets up what it needs by itself, and nothing twice.
#   make serve [PORT=8000] [DATASET=DIR]   serve the dataset on this machine
#   make test                              all tests
#   make test-browser                      the pages in a real browser (Debian's Chromium)
#   make conformance [W3C=DIR]             the W3C suites over HTTP, and tests that need other programs
PORT ?= 8000
PYTHON ?= python3
W3C ?= ../shared/w3c
SEED ?= 1
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := .venv-bench
WORDS := src/kg/web/translations
BUNDLES := src/kg/web/static/vendor/licences.json
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard $(WORDS)/*/LC_MESSAGES/messages.po))

.DEFAULT_GOAL := help
.PHONY: test-browser assets with-assets wheel messages docs help serve test conformance fuzz mutants lint format check bench test-lowest constraints clean

help:
	@echo "make serve   serve the dataset on 127.0.0.1 (PORT=8000)"
	@echo "make test    run the tests"
	@echo "make test-browser   the pages in a real browser"
	@echo "make conformance   run the W3C suites against the server (W3C=DIR of the suites)"
	@echo "make fuzz   random and hostile requests against a server (SECONDS=60 SEED=1)"
	@echo "make mutants   seeded faults, each of which the tests must notice"
	@echo "make lint    ruff and mypy"
	@echo "make check   validate the dataset against its shapes"
	@echo "make docs    write the reference pages of docs/ anew"
	@echo "make assets   fetch what the map and the editor are made of; compile the catalogues"
	@echo "make wheel   build a wheel with all of it"
	@echo "make messages   collect the words of the pages for the translators"
	@echo "make bench   measure the server against its peers (ARGS=--quick: a minute)"

serve: $(READY) with-assets
	@exec $(BIN)/kg serve --port $(PORT) $(if $(DATASET),--dataset $(DATASET))

test: $(READY) with-assets
	@$(BIN)/pytest -n 2 --dist loadgroup --durations=10 -m "not browser" $(ARGS)
	@echo "Tests in a browser run apart: make test-browser" >&2

# Chromium is installed where that can be done without asking; elsewhere these tests are skipped.
test-browser: $(READY) $(CATALOGUES) assets
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	  echo "Installing chromium (once)" >&2 && DEBIAN_FRONTEND=noninteractive \
	  apt-get install --yes --quiet=2 --no-install-recommends chromium >/dev/null 2>&1; } || true
	@$(BIN)/pytest -n 2 --dist loadgroup -rs -m browser tests/browser $(ARGS)

# Virtuoso is installed where that can be done without asking; elsewhere its tests are skipped.
conformance: $(READY)
	@PYTHONPATH=tests:tests/conformance $(BIN)/python -m w3c --suite "$(W3C)"
	@command -v virtuoso-t >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	  echo "Installing virtuoso-opensource-7 (once)" >&2 && DEBIAN_FRONTEND=noninteractive \
	  apt-get install --yes --quiet=2 --no-install-recommends virtuoso-opensource-7 >/dev/null 2>&1; } || true
	@$(BIN)/pytest -n 0 -rs -m virtuoso tests

fuzz: $(READY)
	@PYTHONPATH=tests $(BIN)/python -m fuzz --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1) $(if $(URL),--url $(URL))

mutants: $(READY)
	@PYTHONPATH=tests $(BIN)/python -m mutants --live

lint: $(READY) $(CATALOGUES)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(READY)
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

check: $(READY)
	@$(BIN)/kg check $(if $(DATASET),--dataset $(DATASET))

docs: $(READY)
	@$(BIN)/python docs/build.py

# The files of others come from npm's packages, by the lock file; npm from the system, else from PyPI.
assets: $(BUNDLES) $(CATALOGUES)

$(BUNDLES): assets/package-lock.json assets/bundles.toml assets/build.py | $(READY)
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; command -v npm >/dev/null || { echo "Installing Node into $(VENV) (once)" >&2; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r assets/node.txt; }; \
	  $(BIN)/python assets/build.py npm

# Without a network the pages go on without their map and editor, and say so.
with-assets: $(CATALOGUES)
	@$(MAKE) --no-print-directory assets || echo "Going on without the map and the editor of the pages" >&2

wheel: assets
	@$(BIN)/python -m hatchling build --target wheel

%.mo: %.po | $(READY)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# New words come into every catalogue untranslated, gone ones leave it; a test wants none left so.
messages: $(READY)
	@mkdir -p build
	@$(BIN)/pybabel --quiet extract --mapping pyproject.toml --no-location --sort-output \
	  --keywords lazy_gettext --keywords NotFound --project Contested --copyright-holder "The Contested project" --output build/messages.pot .
	@for language in tr az ru; do test -e $(WORDS)/$$language/LC_MESSAGES/messages.po || \
	  $(BIN)/pybabel --quiet init --input build/messages.pot --output-dir $(WORDS) --locale $$language; done
	@$(BIN)/pybabel --quiet update --input build/messages.pot --output-dir $(WORDS) --no-fuzzy-matching --width 100 \
	  --ignore-obsolete --ignore-pot-creation-date

# The peers live in an environment of their own; the server under test runs in the usual one.
bench: $(READY) $(PEERS)/.ready
	@$(BIN)/python bench/serve.py --peers $(PEERS) $(ARGS)

$(PEERS)/.ready: bench/constraints.txt
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@echo "Setting up $(PEERS) (once)" >&2
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r bench/constraints.txt
	@touch $@

# The environment: the exact releases of constraints.txt by their hashes, then this checkout.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Contested needs Python 3.11 or newer, and '$(PYTHON)' is none: name one with PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' comes without its venv module: install it (Debian: apt install python3-venv), or name another with PYTHON=" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The oldest releases that pyproject.toml allows, in an environment of their own.
test-lowest: $(READY)
	@rm -rf .venv-lowest && $(PYTHON) -m venv .venv-lowest
	@$(BIN)/uv pip compile --quiet --resolution lowest-direct --no-header --no-annotate --no-emit-index-url --extra dev --output-file .venv-lowest/lowest.txt pyproject.toml
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check -r .venv-lowest/lowest.txt
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@.venv-lowest/bin/python -m pytest -n 2

# Write constraints.txt anew: the newest releases that fit, for every platform.
constraints: $(READY)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev --output-file constraints.txt --upgrade pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra bench --constraints constraints.txt --output-file bench/constraints.txt --upgrade pyproject.toml

clean:
	rm -rf $(VENV) $(PEERS) .venv-lowest dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
