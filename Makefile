# Two commands do everything on a bare Debian 12: `make run` and `make test`.
ADDR ?= 127.0.0.1:8000
MINUTES ?= 60
SEED ?=
# `make bench SCALE=0.1` is the quick one.
SCALE ?= 1
VENV := .venv
PY := $(VENV)/bin/python
# A stamp is named after the content of the requirement files, so that a second run installs nothing.
RUNTIME := $(VENV)/.runtime-$(shell cat requirements.txt | cksum | cut -d' ' -f1)
DEVELOPMENT := $(VENV)/.development-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: run test packages lint bench soak clean
.DEFAULT_GOAL := run

run: $(RUNTIME)
	@$(PY) manage.py serve $(ADDR)

# Without bytecode each of the many processes of a run compiles the project and rewrites the tests anew.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(DEVELOPMENT)
	$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal
	$(PY) -m tests.run_on_postgres -n auto --maxprocesses 4 --dist worksteal

packages: $(DEVELOPMENT)

lint: $(DEVELOPMENT)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djlint templates --lint --quiet
	$(VENV)/bin/bandit --quiet --configfile pyproject.toml --recursive accounts insurance family claims queries config
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy .

bench: $(DEVELOPMENT)
	$(PY) -m benchmarks --scale $(SCALE)

# Real verbs, many workers, and everything that can fail: docs/proof.md. SEED= draws one, and prints it.
soak: export PYTHONDONTWRITEBYTECODE :=
soak: $(DEVELOPMENT)
	$(PY) -m tests.proof.soak --minutes $(MINUTES) --seed "$(SEED)"

clean:
	rm -rf $(VENV) staticfiles .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis

$(PY):
	@for python in python3.11 python3.12 python3.13 python3; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); \
	    echo "$$python cannot make a virtual environment: apt-get install python3-venv" >&2; exit 1; \
	  fi; \
	done; \
	echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 1

$(RUNTIME): $(PY)
	@echo "Installing the packages of requirements.txt"
	@$(INSTALL) -r requirements.txt
	@rm -f $(VENV)/.runtime-* && touch $@

$(DEVELOPMENT): $(PY)
	@echo "Installing the packages of requirements-dev.txt"
	@$(INSTALL) -r requirements-dev.txt
	@rm -f $(VENV)/.development-* && touch $@ $(RUNTIME)
