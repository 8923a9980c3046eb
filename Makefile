# `make demo` shows Baton at work, `make test` checks it. Neither needs anything but Python 3.11 or newer.
.DEFAULT_GOAL := help
.PHONY: demo test lint types bench eval soak clean help setup weights

BIN := .venv/bin

demo: setup ## Ingest the sample deals, print a brief and three answers, serve on port 8000 (DEMO_ONCE=1: do not serve)
	@scripts/demo

test: lint types eval ## Everything the gate checks: linters, types, evaluation, tests
	@$(BIN)/python -m pytest

lint: setup ## Ruff, and the import directions of the four packages
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo

types: setup ## mypy --strict
	@$(BIN)/mypy

eval: setup ## Ask and compose the labelled deals; fails below eval/baseline.json
	@$(BIN)/baton eval

bench: setup ## Speed beside plain LlamaIndex + Chroma; PASSAGES=1000 for a quick look
	@$(BIN)/python -m bench.run --passages $(or $(PASSAGES),5000)

soak: setup ## Edit, ingest and ask in a loop, checking that nothing goes stale; SECONDS_TO_RUN=60
	@$(BIN)/python -m bench.soak --seconds $(or $(SECONDS_TO_RUN),60)

setup:
	@scripts/setup

weights:
	@scripts/setup weights

clean: ## Remove .venv, caches and build output; the archive in .baton stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist *.egg-info bench/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile
