# On a new machine, run `make test` or `make demo`. Needs Python 3.11 or newer, git and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PORT ?= 8000
# Stamp files: make installs again only after a change of the lock or of pyproject.toml.
DEV := $(VENV)/.installed-dev
SITE := $(VENV)/.installed-site

.PHONY: help venv test unit lint types imports records browser demo bench torture demands schemas reference architecture walkthrough workflows lock fmt release clean

help: ## show this help
	@printf 'sevlog: incidents, postmortems and a status page from one git repository\n\n'
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(DEV) ## create the development environment in .venv, from the hashed lock

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'error: no Python 3.11 or newer found; name one: make PYTHON=/path/to/python' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'hint: on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }

$(DEV): requirements/dev.lock pyproject.toml | $(BIN)/python
	@echo 'installing the locked development environment into $(VENV) …'
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(DEV) $(SITE)

$(SITE): requirements/site.lock pyproject.toml | $(BIN)/python
	@echo 'installing sevlog with its site into $(VENV) …'
	@$(PIP) install --require-hashes -r requirements/site.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(SITE)

# The tests write half a million small files: in memory where there is room for them. Programs that they start again
# and again keep their byte code.
test: $(DEV) browser ## run everything that CI runs; installs a browser if none is found
	@$(MAKE) -j 2 types lint imports records
	@.ci/in-memory env PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --durations 25 --durations-min 2

unit: $(DEV) ## run the quick tests: no browser, no clean environments
	@$(BIN)/python -m pytest -n auto --ignore tests/browser --ignore tests/packaging

lint: $(DEV) ## run ruff
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(DEV) ## run mypy, strict
	@$(BIN)/mypy

imports: $(DEV) ## check the import contracts of pyproject.toml
	@$(BIN)/lint-imports --no-logo --cache-dir $(VENV)/.import-linter

records: $(DEV) ## run sevlog check and sevlog fmt --check on the records of this repository
	@$(BIN)/sevlog check
	@$(BIN)/sevlog fmt --check

browser: ## install Chromium for the browser tests
	@./.ci/browser

demo: $(SITE) ## serve the status page of a demo company at 127.0.0.1:8000
	@$(BIN)/sevlog demo build/demo --port $(PORT)

bench: $(DEV) ## run the benchmarks of tests/bench/README.md, small size
	@cd tests && PYTHONPATH=. ../$(BIN)/python -m bench

torture: $(DEV) ## run the long form of tests/torture, such as: make torture TORTURE='kills=50 entries=500 seed=7'
	@TMPDIR=$${TMPDIR:-$$(test -w /dev/shm && echo /dev/shm || echo /tmp)} SEVLOG_TORTURE="long $(TORTURE)" \
		$(BIN)/python -m pytest tests/torture -n auto --dist worksteal -o tmp_path_retention_policy=failed

demands: $(DEV) ## write docs/demands.md, with the tests for each line
	@cd tests && ../$(BIN)/python -m conventions.demands

walkthrough: $(DEV) ## write docs/walkthrough.md, by running its commands
	@cd tests && ../$(BIN)/python -m conventions.walkthrough

reference: $(DEV) ## write docs/reference/ from the code
	@$(BIN)/python -m sevlog.cli.reference.pages

architecture: $(DEV) ## draw docs/architecture.svg from the import graph
	@cd tests && ../$(BIN)/python -m conventions.architecture

schemas: $(DEV) ## write schemas/ from the model
	@$(BIN)/python -m sevlog.stores.records.schemas
	@$(BIN)/python -m sevlog.cli.reference.document_schemas

workflows: $(DEV) ## write our GitHub workflows from the shipped ones
	@cd tests && ../$(BIN)/python -m conventions.workflows

lock: $(DEV) ## write requirements/*.lock from pyproject.toml
	@./requirements/lock $(BIN)/uv

fmt: $(DEV) ## format, and fix what ruff can fix
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

release: $(DEV) ## build, test, commit and tag a release: make release VERSION=0.2.0 [BRANCH=main]
	@$(BIN)/python changes/release.py --branch "$(BRANCH)" "$(VERSION)"

clean: ## remove build output, but not .venv
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
