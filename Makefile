# Two commands do all set-up: `make run` and `make test`. Everything is installed into .venv.
# A machine whose python3 is older than 3.11: make PYTHON=python3.12 run

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ifeq ($(OS),Windows_NT)
PYTHON := py -3
BIN    := $(VENV)/Scripts
endif
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check bench screenshots dist clean

run: $(VENV)/.run ## open the designer; without a terminal print the default policy's filters
	@$(BIN)/python -m ndtui $(ARGS)

test: $(VENV)/.test ## run every test
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(VENV)/.dev ## the gate: format, lint, types, arrows, tests
	$(BIN)/python scripts/check $(ARGS)

bench: $(VENV)/.dev ## ratios against named peers
	$(PIP) -e ".[bench]"
	$(BIN)/python -m benchmarks $(ARGS)

screenshots: $(VENV)/.dev ## draw screenshots/ and the screens in tests/screens/goldens/ anew
	$(BIN)/python scripts/screenshots
	$(BIN)/python -m tests.screens.golden_texts

dist: $(VENV)/.dev ## build sdist and wheel into dist/ and look into both; ARGS=--test: run the sdist's tests
	$(BIN)/python scripts/distributions $(ARGS)

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "ndtui needs Python 3.11 or newer, this is %d.%d: make PYTHON=python3.12 ..." % v[:2])'
	$(PYTHON) -m venv $(VENV)

# What each needs, in one installation; a larger one holds the smaller.
$(VENV)/.run: $(BIN)/python pyproject.toml
	$(PIP) -e .
	@touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml tests/metadata-requirements.txt
	$(PIP) -e ".[test]"
	$(PIP) --no-deps -r tests/metadata-requirements.txt
	@touch $(VENV)/.run $@

$(VENV)/.dev: $(BIN)/python pyproject.toml tests/metadata-requirements.txt
	$(PIP) -e ".[dev]"
	$(PIP) --no-deps -r tests/metadata-requirements.txt
	@touch $(VENV)/.run $(VENV)/.test $@
