# What one does with this repository; `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Stamps: when they are newer than the lock files, the environment is as locked.
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q pyproject.toml \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
# Two cores are what a small machine has; PYTEST_ARGS narrows a run: make test PYTEST_ARGS=tests/unit
WORKERS ?= 2
SIZES ?= 10000,100000,1000000

# Compiled once, not at every start, whatever the surroundings say.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run reset test check benchmark benchmark-migration benchmark-rollups benchmark-desk format schema schema-first docs translations lock

help: #
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(RUN_READY) $(CATALOGUES) ## the demo: console (PORT, 8000), worker, portal simulator (PORTAL_PORT, 8100)
	@exec $(BIN)/python -m admin_app.cli demo

reset: ## forget the demo's data; the next `make run` starts afresh
	rm -rf var

test: $(DEV_READY) $(CATALOGUES) ## the tests on SQLite, in minutes; BROWSER=1 adds a browser's; .ci/run: all there is
	$(if $(BROWSER),@tools/system-needs chromium fonts)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(if $(BROWSER)$(PYTEST_ARGS),,-m "not browser") $(PYTEST_ARGS)

check: $(DEV_READY) ## format, lint, types, import rules, schema, documents, translations, locks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.schema check
	$(BIN)/python -m tools.documents check
	$(BIN)/python -m tools.translations check
	$(BIN)/python -m tools.plotly_bundle check
	@! grep -nE '://|index-url|find-links' requirements*.lock \
		|| { echo "A lock file names a host: run make lock"; exit 1; }

benchmark: $(DEV_READY) ## how fast the tree answers; POSTGRES=postgresql+psycopg://… adds that database
	$(BIN)/python -m benchmarks.hierarchy --sizes $(SIZES) \
		$(if $(POSTGRES),--postgres $(POSTGRES))

benchmark-migration: $(DEV_READY) ## how fast accounts are matched, bound and imported; SIZES and POSTGRES as above
	$(BIN)/python -m benchmarks.migration --sizes $(SIZES) \
		$(if $(POSTGRES),--postgres $(POSTGRES))

benchmark-rollups: $(DEV_READY) ## how fast the figures are had, and what keeping them costs; as above
	$(BIN)/python -m benchmarks.rollups --sizes $(SIZES) --upkeep --verify \
		$(if $(POSTGRES),--postgres $(POSTGRES))

benchmark-desk: $(DEV_READY) ## how fast cases are searched and counted; as above
	$(BIN)/python -m benchmarks.desk --sizes $(SIZES) $(if $(POSTGRES),--postgres $(POSTGRES))
	$(BIN)/python -m benchmarks.case_figures --sizes $(SIZES) $(if $(POSTGRES),--postgres $(POSTGRES))

format: $(DEV_READY) ## put the code in its form
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

schema: $(DEV_READY) ## write the revision for changed models: make schema m='what changed'
	$(BIN)/python -m tools.schema next "$(or $(m),$(error say what changed: make schema m='…'))"

schema-first: $(DEV_READY) ## write the first revision anew, while nothing is released (then: make reset)
	$(BIN)/python -m tools.schema first

docs: $(DEV_READY) ## write the generated documents anew
	$(BIN)/python -m tools.documents write

translations: $(DEV_READY) ## bring the catalogues up to date with what the pages say
	$(BIN)/python -m tools.translations update

lock: $(DEV_READY) ## resolve the dependencies anew: make lock UPGRADE=--upgrade for newer versions
	$(LOCK) $(UPGRADE) --group install -o requirements.lock
	$(LOCK) $(UPGRADE) --group install --extra s3 -c requirements.lock -o requirements-s3.lock
	$(LOCK) $(UPGRADE) --group install --group dev -c requirements.lock -o requirements-dev.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the console needs…"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_READY): requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing what development needs…"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $(RUN_READY) $@

# -f, for Babel takes a catalogue without header for guessed (fuzzy) and would skip it in silence;
# `make check` refuses sentences that really are.
%.mo: %.po | $(RUN_READY)
	@$(BIN)/pybabel -q compile -f -i $< -o $@
