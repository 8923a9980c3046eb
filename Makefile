# `make demo` shows Baton at work, `make test` checks it. Neither needs anything but Python 3.11 or newer.
.DEFAULT_GOAL := help
.PHONY: demo test lint types eval fresh handoff ablations held-out public mutants interface bench bench-quality soak clean help setup weights weights-mpnet documents audio judged

BIN := .venv/bin

demo: setup ## Ingest the sample deals, print a brief and three answers, serve on port 8000 (DEMO_ONCE=1: do not serve)
	@scripts/demo

test: lint types eval ## Everything the gate checks: linters, types, evaluation, tests
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: setup ## Ruff, and the import directions of the four packages
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo

types: setup ## mypy --strict, and the page's modules against their JSDoc and the server's shapes
	@$(BIN)/mypy
	@scripts/check-web

eval: setup ## Ask and compose the labelled deals; fails below eval/baseline.json; leaves the run in eval/results
	@$(BIN)/baton eval --out eval/results

ablations: setup ## What each stage adds: the labelled questions again with one of them taken away at a time
	@$(BIN)/python -m eval.ablations

handoff: setup ## The promise ledger and the brief beside what they must reach and what they aim for; fails below a must
	@$(BIN)/python -m eval.handoff

fresh: setup ## Answers and briefs of deals by other hands, most of them never worked on, beside the three that rules were written for
	@$(BIN)/python -m eval.fresh

held-out: setup ## What was fitted, chosen again without each deal in turn and measured on that deal
	@$(BIN)/python -m eval.held_out

public: setup ## Attacks, mails and other public sets, read in place from BATON_PUBLIC_DATA; what is not there is skipped
	@$(BIN)/python -m eval.public

mutants: setup ## Faults planted in the assistant: each must be caught by a measure
	@$(BIN)/python -m pytest tests/eval/test_planted_faults.py tests/eval/test_probed_faults.py

judged: ## ragas' measures on the labelled deals; installs the extra `eval` (420 MB), which the gate does without, and tests it first
	@scripts/setup eval
	@$(BIN)/python -m pytest -q tests/eval/test_judging.py
	@$(BIN)/python -m eval.judged

interface: setup ## What pages and API are held to, with the numbers: budgets, axe, hostile strings, requests of every kind, access, leaks
	@$(BIN)/python -m pytest -rP -q --show-capture=stdout tests/api/test_measured_in_a_browser.py tests/api/test_pages_in_a_browser.py tests/api/test_hostile_words_in_a_browser.py tests/api/test_hostile_typing_in_a_browser.py tests/api/test_any_request.py tests/api/test_matrix.py tests/api/test_no_leaks.py

bench: setup ## Speed beside plain LlamaIndex + Chroma and idle runs; ARGS=--quick for a first look
	@$(BIN)/python -m bench.run $(ARGS)

bench-quality: setup ## Search beside BM25 and LlamaIndex with MiniLM on the same questions; ARGS=--sample=20 for a first look
	@$(BIN)/python -m bench.quality $(ARGS)

soak: setup ## Edit, ingest and ask in a loop (SECONDS_TO_RUN=60), kill ingests at every place (KILLS=10), send close events (EVENTS=1000), deliveries (DELIVERIES=10000) and messages (MESSAGES=1000) under kills, damage files (VARIANTS=20000), look for leaks (QUESTIONS=10000), let a crowd ask
	@$(BIN)/python -m bench.soak --seconds $(or $(SECONDS_TO_RUN),60)
	@$(BIN)/python -m bench.crashes --each $(or $(KILLS),10)
	@$(BIN)/python -m bench.closes --events $(or $(EVENTS),1000)
	@$(BIN)/python -m bench.deliveries --deliveries $(or $(DELIVERIES),10000)
	@$(BIN)/python -m bench.messages --messages $(or $(MESSAGES),1000)
	@$(BIN)/python -m bench.erasure_crashes --each $(or $(KILLS),10)
	@$(BIN)/python -m bench.damage --variants $(or $(VARIANTS),20000)
	@$(BIN)/python -m bench.leaks --questions $(or $(QUESTIONS),10000)
	@$(BIN)/python -m bench.crowd

setup:
	@scripts/setup

weights:
	@scripts/setup weights

weights-mpnet:
	@scripts/setup mpnet

documents:
	@scripts/setup documents

audio:
	@scripts/setup audio

clean: ## Remove .venv, caches and build output; the archive in .baton and the runs in eval/results and bench/results stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile
