# adsieve. `make` lists what can be done; every target does its own set-up.
# Shell commands stay short here: what is longer lives in the library, where it is tested.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# CPython 3.13 is what Lambda runs. Found on PATH, under pyenv, or through uv; PYTHON=... overrides.
ifndef PYTHON
PYTHON := $(firstword \
	$(shell python3.13 -c 'import sys; print(sys.executable)' 2>/dev/null) \
	$(lastword $(sort $(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.13*/bin/python3.13))) \
	$(shell command -v uv >/dev/null && uv python install --quiet 3.13 >/dev/null 2>&1; command -v uv >/dev/null && uv python find 3.13 2>/dev/null))
endif

BIN := .venv/bin
export ADSIEVE_SAM := $(CURDIR)/.venv-sam
export ADSIEVE_MINISTACK := $(CURDIR)/.venv-ministack
export ADSIEVE_CHECKOV := $(CURDIR)/.venv-checkov
export PATH := $(CURDIR)/$(BIN):$(PATH):$(CURDIR)/.venv-npm/bin
export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Filling an environment takes uv a tenth of pip's time; pip is there for networks that only pip is configured for.
LOCKED = --quiet --require-hashes --requirement
define fill
	@echo "setting up $(@D)"
	@$(PYTHON) -m venv --clear $(@D)
	@.venv-uv/bin/uv pip install --native-tls --python $(@D)/bin/python $(LOCKED) $(1) \
		|| $(@D)/bin/python -m pip install $(LOCKED) $(1) 2> >(grep -v '^WARNING: Location' >&2)
	@touch $@
endef

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z][a-z0-9-]*:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: demo
demo: ## Local AWS, the real template, sample ads, their verdicts
	@$(MAKE) -j3 .venv/ready .venv-sam/ready .venv-ministack/ready
	@adsieve local demo

.PHONY: test
test: ## Everything a contributor must see green
	@$(MAKE) -j4 setup
	@$(MAKE) -j3 --output-sync=target lint types e2e template unit

.PHONY: lint
lint: .venv/ready ## Format, lint and import contracts
	ruff format --check .
	ruff check .
	lint-imports --cache-dir .import_linter_cache

.PHONY: types
types: .venv/ready ## Strict types, tests included
	mypy

.PHONY: unit
unit: .venv/ready ## Every test that needs no built artefact and no local AWS, with the lines they reach
	COVERAGE_CORE=sysmon pytest -q -n 2 -m "not e2e and not packaged" --cov --cov-report=term

.PHONY: branches
branches: .venv/ready ## The same tests with the branches they take, in twice their time
	pytest -q -n 2 -m "not e2e and not packaged" --cov --cov-branch --cov-report=term

.PHONY: template
template: .venv/ready .venv-sam/ready .venv-checkov/ready ## sam validate, cfn-lint with our rules, checkov; then the built functions in the Lambda runtime
	$(ADSIEVE_SAM)/bin/sam validate --lint --region us-east-1
	cfn-lint
	$(ADSIEVE_CHECKOV)/bin/checkov --config-file .checkov.yaml
	pytest -q tests/packaged

.PHONY: e2e e2e-deciding e2e-publishing
e2e: e2e-deciding e2e-publishing ## The real template on a local AWS with IAM enforced
e2e-deciding: SELECTED := tests/e2e --ignore tests/e2e/test_publishing.py
e2e-publishing: SELECTED := tests/e2e/test_publishing.py
e2e-deciding e2e-publishing: .venv/ready .venv-sam/ready .venv-ministack/ready
	pytest -q $(SELECTED)

.PHONY: format
format: .venv/ready ## Rewrite files to the project's format
	ruff check --fix-only --quiet . || true
	ruff format .

.PHONY: bench
bench: .venv/ready ## Benchmarks: expected results, times and peers
	python -m tests.perf.evaluation --peers
	python -m tests.perf.terms

.PHONY: lock
lock: .venv/ready .venv-uv/ready ## Renew requirements.lock and what is exported from it
	.venv-uv/bin/uv pip compile --native-tls --quiet --universal --python-version 3.13 --generate-hashes --group dev --no-header pyproject.toml --output-file requirements.lock
	python infra/tools/export_requirements.py lambda > layers/dependencies/requirements.txt
	python infra/tools/export_requirements.py lambda-media > layers/media/requirements.txt
	python infra/tools/export_requirements.py lambda-video > layers/video/requirements.txt
	python infra/tools/export_requirements.py analytics > layers/analytics/requirements.txt

.PHONY: setup
setup: .venv/ready .venv-sam/ready .venv-ministack/ready .venv-checkov/ready ## Every environment, without running anything

.PHONY: clean
clean: ## Stop the local AWS and remove everything that was made
	@if [ -x $(BIN)/adsieve ]; then adsieve local down --forget || true; fi
	rm -rf .venv .venv-* .local .aws-sam .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage .hypothesis

.PHONY: python
python:
	@if [ -z "$(PYTHON)" ]; then echo "adsieve needs CPython 3.13: install python3.13, pyenv install 3.13, or install uv, then run make again (or make PYTHON=/path/to/python3.13)" >&2; exit 1; fi

# Environments of tools whose pins fight live apart, each pinned by its own lock.
.venv-uv/ready: infra/tools/uv.lock | python
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install $(LOCKED) $< 2> >(grep -v '^WARNING: Location' >&2)
	@touch $@

.venv/locked: requirements.lock .venv-uv/ready
	$(call fill,$<)

# OCR data is packed for npm. A machine without npm gets one out of a wheel. Without the data everything else works, and
# pictures go to review: so this is tried again by the next make, and stops nothing.
.venv/share/tessdata/ready: layers/media/ocr_data.py .venv/locked $(if $(shell command -v npm),,.venv-npm/ready)
	@$(BIN)/python $< $(@D) && touch $@ || true

.venv/ready: .venv/locked pyproject.toml .venv/share/tessdata/ready
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable . 2> >(grep -v '^WARNING: Location' >&2)
	@touch $@

.venv-sam/ready .venv-ministack/ready .venv-checkov/ready .venv-npm/ready: .venv-%/ready: infra/tools/%.lock .venv-uv/ready
	$(call fill,$<)
