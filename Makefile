# Everything a person or a machine runs. `make run` and `make test` set up what they need.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
LOCK_PARTS := pyproject.toml requirements/run.lock requirements/dev.lock scripts/setup.sh

.PHONY: help install run demo test lint format screenshots bench campaigns security lock clean

help:            ## these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 14

.venv/run.ready: $(LOCK_PARTS)
	@bash scripts/setup.sh run
.venv/dev.ready: $(LOCK_PARTS)
	@bash scripts/setup.sh dev

install: .venv/run.ready   ## make .venv with .venv/bin/companion
run: .venv/run.ready       ## open the window
	@.venv/bin/companion
demo: .venv/run.ready      ## open the window on an invented person's year
	@.venv/bin/companion demo

lint: .venv/dev.ready      ## format, lint, import contracts, types
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q .
	@.venv/bin/lint-imports --no-cache >/dev/null 2>&1 || { .venv/bin/lint-imports --no-cache; exit 1; }
	@.venv/bin/mypy --no-error-summary
format: .venv/dev.ready    ## rewrite files to the house format
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

test: .venv/dev.ready      ## all checks and tests, as CI runs them
	@bash scripts/test.sh

screenshots: .venv/dev.ready ## every screen and state as PNG into build/screenshots
	@QT_QPA_PLATFORM=offscreen $(PY) scripts/screenshots.py build/screenshots
bench: .venv/dev.ready     ## figures against baselines of the same run (QUICK=1, RECORD=1)
	@$(PY) -m benchmarks $(if $(QUICK),--quick) $(if $(RECORD),--record)
campaigns: .venv/dev.ready ## kill, damage and leak campaigns (SIZE=small|release, ONLY="a b", RECORD=1)
	@$(PY) -m campaigns --size $(or $(SIZE),gate) $(foreach name,$(ONLY),--only $(name)) $(if $(RECORD),--record)
	@$(if $(RECORD),$(PY) scripts/make_security.py)
security: .venv/dev.ready  ## write SECURITY.md from docs/security.toml and the release figures
	@$(PY) scripts/make_security.py

lock:            ## write the lock files anew (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra build pyproject.toml -o requirements/run.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra dev pyproject.toml -o requirements/dev.lock
clean:           ## remove what was built
	rm -rf build dist .venv
