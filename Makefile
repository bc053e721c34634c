PYTHON ?= python3
VENV ?= .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin
DEMO := .demo
SAMPLES := $(addprefix sample_data/,bestellungen.csv webshop.jsonl orders.csv)

# Compiled once, not in each of the hundreds of processes that the tests start.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test lint fmt bench soak clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r name text; do printf '%-12s %s\n' "$$name" "$$text"; done

demo: $(READY) ## import the sample exports into a local receiver; again: nothing new is sent
	@mkdir -p $(DEMO) && rm -f $(DEMO)/origin
	@$(BIN)/richsync sandbox --port 0 --store $(DEMO)/received.sqlite3 --ready-file $(DEMO)/origin >$(DEMO)/sandbox.log 2>&1 & \
	receiver=$$!; trap 'kill $$receiver 2>/dev/null' EXIT; trap 'exit 130' INT TERM; \
	tries=0; until [ -s $(DEMO)/origin ]; do \
		tries=$$((tries + 1)); sleep 0.1; \
		kill -0 $$receiver 2>/dev/null && [ $$tries -lt 100 ] || { cat $(DEMO)/sandbox.log >&2; exit 1; }; \
	done; \
	for export in $(SAMPLES); do \
		RICHPANEL_API_KEY=demo $(BIN)/richsync import "$$export" --endpoint "$$(cat $(DEMO)/origin)" \
			--checkpoint $(DEMO)/orders.richsync --yes || exit; \
	done; \
	$(BIN)/richsync status --checkpoint $(DEMO)/orders.richsync

test: lint ## lint, then every test but the long ones, with coverage
	$(BIN)/python -m pytest -n 2 -m "not soak" --cov

lint: $(READY) ## formatting, style, types and the floors of the modules
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(READY) ## format the code and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(READY) ## measure speed and memory
	@for bench in tests/bench/bench_*.py; do $(BIN)/python -m "tests.bench.$$(basename "$$bench" .py)" || exit; done

soak: $(READY) ## the long proofs
	$(BIN)/python -m pytest -m soak -s

clean: ## remove the environment, the demo and every cache
	rm -rf $(VENV) .venv-ci $(DEMO) .*_cache .hypothesis .coverage .coverage.* build dist
	find richsync tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --group needs pip 25.1, newer than what most Pythons bring.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "richsync needs Python 3.11 or newer, and $(PYTHON) is not; name another: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(BIN)/python -m compileall -q richsync
	@touch $@
