# `make demo`: sets up, runs the whole job on the bundled sample, serves it.   `make test`: sets up, runs all tests.
# Needs: Python 3.11 or newer with venv (Debian: apt install python3-venv), make. The rest goes into .venv.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready-$(shell cat requirements-dev.lock pyproject.toml | sha256sum | cut -c1-12)
PORT   ?= 8001
NIGHTS ?= 365

.PHONY: demo test lint bench nights lock setup clean
.DEFAULT_GOAL := demo

setup: $(STAMP)

$(STAMP):
	@$(PYTHON) -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11), sys.version' || \
	  { echo "Python 3.11 or newer with the venv module is needed: apt install python3 python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.ready-*
	@touch $(STAMP)

demo: setup
	$(BIN)/lawdiff demo --port $(PORT)

test: setup
	$(BIN)/python -m pytest -n auto --dist loadgroup

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The simulated year beside a site that misbehaves, with kill -9 at random moments: some minutes. `NIGHTS=60` is what CI lives.
nights: setup
	$(BIN)/python -m benchmarks.crawl --year $(NIGHTS)

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache data/demo

# Writes both lock files anew from pyproject.toml: versions and hashes, no addresses.
lock:
	$(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet pip-tools
	build/lock/bin/python -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb")); \
	  run = p["project"]["dependencies"]; \
	  open("build/run.in", "w").write("\n".join(run)); \
	  open("build/dev.in", "w").write("\n".join(run + p["dependency-groups"]["dev"]))'
	for name in run:requirements.lock dev:requirements-dev.lock; do \
	  build/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --output-file $${name#*:} build/$${name%%:*}.in; \
	done
