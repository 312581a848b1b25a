# One-word commands. Each makes the virtual environment and the npm install when they are missing.
.DEFAULT_GOAL := help
.PHONY: help demo run host graph desk mutate test reliability bench format schemas snapshots package requirements clean setup
SHELL := /bin/sh

PYTHON ?= $(shell for p in python3.13 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin
SETUP := .venv/.installed local/node_modules/.installed
TEST_SETUP := .venv-infra/.installed $(addsuffix /node_modules/.installed, workflows/hr-samples/javascript tests/infra/kql)

help: ## show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(SETUP) ## start everything, send requests of every kind, show how each ends (under a minute)
	@$(BIN)/python -m local.demo

run: $(SETUP) ## start everything on the usual ports until Ctrl-C
	@$(BIN)/python -m local.stack

host: .venv/.installed ## only the Functions host, with whatever the environment sets
	@$(BIN)/python -m local.host

graph: .venv/.installed ## only the Graph emulator and the identity endpoint
	@$(BIN)/python -m local.graph --port 7072

desk: .venv/.installed ## the operator's desk; make desk ARGS="watch --local"
	@$(BIN)/python -m desk $(ARGS)

mutate: $(SETUP) ## break each decision on purpose; name what no quick test notices (MODULES=teams_numbers.look for one)
	.venv/bin/python -m scripts.mutate $(MODULES)

test: $(SETUP) $(TEST_SETUP) ## format check, lint, types, all tests
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/pytest -n 2 --dist loadfile

reliability: $(SETUP) ## ten thousand requests under faults, crashes, kills, attacks; writes docs/figures/reliability.json
	@$(BIN)/python -m tests.reliability --write

bench: $(SETUP) .venv-bench/.installed ## the figures of docs/performance.md, beside what one would pick instead
	@.venv-bench/bin/python -m bench

format: .venv/.installed ## format the code and fix what can be fixed
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

schemas: .venv/.installed ## write what is derived from the code: schemas/, docs/failures.md, docs/emulator-numbers.md
	@$(BIN)/python -m scripts.generate

snapshots: .venv/.installed ## write what infra/ deploys, as the tests compare it (needs Microsoft's bicep on PATH)
	@$(BIN)/python -m scripts.snapshots

package: ## build dist/app.zip for Azure: the app and its packages for Linux x86-64
	@$(or $(PYTHON),python3) scripts/package.py

requirements: .venv/.installed ## compile the pinned requirements from the .in files
	@for f in requirements requirements/dev requirements/infra requirements/bench; do $(BIN)/uv pip compile --quiet --universal --python-version 3.13 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make requirements" $$f.in -o $$f.txt; done

clean: ## remove what the commands made
	@rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .local .python_packages dist
	@find . -name node_modules -type d -prune -exec rm -rf {} +
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(SETUP)

.venv/.installed: requirements/dev.txt requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.13 is needed and none of python3.13, python3, python is it." \
		"Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.13" >&2; exit 1; }
	@echo "Setting up: Python packages ..."
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is needed (on Debian: python3.13-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements/dev.txt
	@touch $@

# Tools whose own requirements are not ours: checkov for infra/, the peers of the benchmarks.
.venv-%/.installed: requirements/%.txt .venv/.installed
	@echo "Setting up: Python packages for $* ..."
	@$(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check -r $<
	@touch $@

%/node_modules/.installed: %/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null || { echo \
		"Node 20 or newer is needed (for Azurite, the local queue service) and was not found." >&2; exit 1; }
	@command -v npm >/dev/null || { echo "npm is needed (for Azurite, the local queue service)." >&2; exit 1; }
	@echo "Setting up: npm packages for $* ..."
	@cd $* && npm ci --silent --no-audit --no-fund
	@touch $@
