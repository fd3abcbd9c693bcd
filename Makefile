# Everything that one does here, one target each. `make help` lists them.
# Needs Python 3.11 or newer, make and git; the rest comes into .venv, pinned with hashes.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.stamp-run
DEV    := $(VENV)/.stamp-dev
BENCH  := $(VENV)/.stamp-bench
PIP    := $(BIN)/python -m pip --disable-pip-version-check
# the locks hold every package, so pip need not look for what each requires (older ones warn of lxml's html_clean)
LOCKED := install --quiet --no-deps --require-hashes
RESOLVE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
CHROMIUM := { command -v chromium || command -v chromium-browser; } >/dev/null
# a machine without a network gives up within two minutes
APT     := timeout 120 apt-get -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=20
GET_CHROMIUM := { $(APT) update; $(APT) install -y --no-install-recommends chromium fonts-dejavu-core; }
BROWSER := --import-mode=importlib --strict-markers -ra
# what make test-browser ends with where there is no Chromium and none may be installed
WITHOUT_CHROMIUM ?= 1
CHECK  := said=$$($(PIP) check) || { echo "$$said" >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help setup replay run test lint unit test-browser pictures compose-test bench chaos rolling expected lock secrets clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: $(DEV) ## make .venv with all that running and testing needs

replay: $(RUN) ## play the five seed articles and show the alerts
	@$(BIN)/redphone replay seeds/

run: $(RUN) ## poll the feeds for real; status page on 127.0.0.1:8080
	@$(BIN)/redphone run

test: lint unit ## check everything: style, types, imports, dependencies, all tests

lint: $(DEV) ## ruff, mypy, import contracts, dependencies, dead code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry .
	@$(BIN)/vulture

unit: $(DEV) ## the tests alone
	@$(BIN)/python -m pytest -n 3 --dist worksteal -q

test-browser: $(DEV) ## the pages in Debian's Chromium; pictures of them in build/screenshots
	@$(CHROMIUM) || { [ "$$(id -u)" = 0 ] && $(GET_CHROMIUM) >/dev/null 2>&1; } || true
	@if $(CHROMIUM); then $(BIN)/python -m pytest tests/browser --override-ini addopts="$(BROWSER)" -q; else \
		echo 'make test-browser needs Chromium: apt-get install chromium fonts-dejavu-core, as root' >&2; \
		exit $(WITHOUT_CHROMIUM); fi

pictures: $(DEV) ## take the pictures of docs/pages anew, over the replayed seeds; look at them (needs Chromium)
	@$(BIN)/python -m tests.support.screens

compose-test: $(DEV) ## the stack as containers, in an engine of its own (root on Debian; ten minutes); leaves nothing behind
	@$(BIN)/python -m tests.compose

bench: $(BENCH) ## measure beside peers and write benchmarks/RESULTS.md; SETS=DIR names labelled sets, ONLY=speed,names parts
	@$(BIN)/python -m benchmarks "$(SETS)" "$(ONLY)"

chaos: $(DEV) ## strike workers, servers, sockets and Slack while articles flow; FAULTS=500, SEED=n replays
	@$(BIN)/python -m benchmarks.chaos "$(FAULTS)" "$(SEED)"

rolling: $(DEV) ## replace the workers of OLD=COMMIT by those of this tree, one by one, while articles flow
	@$(BIN)/python -m benchmarks.rolling "$(OLD)"

expected: $(DEV) ## rewrite seeds/expected/ from what the program says now; read the diff
	@$(BIN)/python -m tests.support.expected

lock: ## resolve the dependencies anew and write the locks (needs uv)
	$(RESOLVE) --upgrade pyproject.toml --all-extras --group dev -o requirements/dev.txt
	$(RESOLVE) pyproject.toml --extra all -c requirements/dev.txt -o requirements/runtime.txt
	$(RESOLVE) pyproject.toml -c requirements/dev.txt -o requirements/base.txt
	for service in ingest classify notify status desk; do \
		$(RESOLVE) pyproject.toml --extra $$service -c requirements/dev.txt -o requirements/$$service.txt; done
	for group in build bench; do \
		$(RESOLVE) --group $$group -c requirements/dev.txt -o requirements/$$group.txt; done

# the folder is closed to others; the files in it are read by the users of the containers, so they are not
secrets: ## make ./secrets for docker compose: passwords by chance, empty files for Slack's tokens
	@mkdir -p -m 700 secrets
	@for name in postgres_password status_token; do \
		[ -e secrets/$$name ] || $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(24))' > secrets/$$name; done
	@for name in slack_token slack_app_token; do [ -e secrets/$$name ] || : > secrets/$$name; done
	@chmod 644 secrets/*

clean: ## remove .venv and caches
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo 'Redphone needs Python 3.11 or newer as $(PYTHON); set another with: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'Python cannot make virtual environments here. Install that part first: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Setting up $(VENV) …' >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUN): requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo 'Installing the pinned dependencies …' >&2
	@$(PIP) $(LOCKED) -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@$(CHECK)
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo 'Installing what the tests need …' >&2
	@$(PIP) $(LOCKED) -r requirements/dev.txt
	@$(CHECK)
	@touch $@

$(BENCH): requirements/bench.txt $(DEV)
	@echo 'Installing what is measured beside …' >&2
	@$(PIP) $(LOCKED) -r requirements/bench.txt
	@$(CHECK)
	@touch $@
