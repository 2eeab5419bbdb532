# `make demo`: sets up, runs the whole job on the bundled sample, serves it.   `make test`: sets up, runs all tests.
# Needs: Python 3.11 or newer with venv (Debian: apt install python3-venv), make. The rest goes into .venv.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready-$(shell cat requirements-dev.lock pyproject.toml | sha256sum | cut -c1-12)
PORT   ?= 8001

.PHONY: demo test lint bench setup clean
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

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache data/demo
