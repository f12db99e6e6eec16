# unisono: two commands are enough, `make demo` and `make test`.
#
# Both work from a fresh clone on a machine with Python 3.11 or newer and GNU make. Everything they put
# on the disk lies in .venv, .make, page/node_modules and src/unisono/web/static; `make clean` removes it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
CHECKS := format lint imports house types page-types site
FRONT := $(shell find page -path page/node_modules -prune -o -type f -print 2>/dev/null)

# Two cores are shared by the tests and a browser: OpenMP threads that spin would slow both down.
export OMP_NUM_THREADS := 1
export OMP_WAIT_POLICY := PASSIVE
# mkdocs-material's notice about its own future is no warning about our documents.
export NO_MKDOCS_2_WARNING := 1

.PHONY: help demo test check page bench docs clean $(CHECKS:%=check-%)

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | \
		while IFS=$$'\t' read -r name what; do printf 'make %-7s %s\n' "$$name" "$$what"; done

demo:  ## sample study, simulated experts, and the page on http://127.0.0.1:8000
	@$(MAKE) --no-print-directory -j2 .make/run .make/page
	@exec $(BIN)/unisono demo

test:  ## put there what the tests need, then check and test everything
	@mkdir -p .make; rm -f .make/failed
	@$(MAKE) --no-print-directory -j3 .make/dev .make/page .make/system
	@$(MAKE) --no-print-directory check || echo 'make check' >> .make/failed
	@.ci/npm test || echo 'the tests of the page' >> .make/failed
	@cat .make/system
	@if [ -s .make/failed ]; then sed 's/^/FAILED above: /' .make/failed; fi
	@$(BIN)/pytest -n 2 --dist loadfile
	@if [ -s .make/failed ]; then exit 1; fi

check: .make/dev .make/page  ## format, lint, imports, house rules, types, the page's types, docs
	@$(MAKE) --no-print-directory --keep-going -j2 --output-sync=target $(CHECKS:%=check-%)

check-format:
	@$(BIN)/ruff format --check --quiet .
check-lint:
	@$(BIN)/ruff check --quiet .
check-imports:
	@$(BIN)/lint-imports --no-logo
check-house:
	@$(BIN)/python -m checks
check-types:
	@$(BIN)/mypy
check-page-types:
	@.ci/npm run check --silent
check-site:
	@$(BIN)/mkdocs build --strict --site-dir .make/site

page: .make/page  ## build the page into src/unisono/web/static

bench: .make/dev .make/page  ## run the benchmarks and print their tables
	@failed=; for script in benchmarks/*.py; do echo "== $$script"; start=$$SECONDS; \
		$(BIN)/python "$$script" || failed+=" $$script"; echo "-- $$script: $$((SECONDS - start)) s"; done; \
		[ -z "$$failed" ] || { echo "FAILED:$$failed" >&2; exit 1; }

docs: .make/dev  ## build the documentation into site/
	$(BIN)/mkdocs build --strict

clean:  ## remove everything that make made; the home folder of the demo stays
	rm -rf .venv .make build dist site page/node_modules src/unisono/web/static
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# --- stamps: what is made once and again when its sources change --------------------------------------

.make/venv:
	@if [ -z "$(PYTHON)" ]; then echo 'unisono needs Python 3.11 or newer; found none' >&2; exit 1; fi
	@mkdir -p .make
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --quiet uv || echo 'uv cannot be had here: pip is used'
	@touch $@

.make/run: .make/venv pyproject.toml constraints.txt
	@[ -f .make/dev ] || echo 'installing unisono into .venv'
	@[ -f .make/dev ] || .ci/install -c constraints.txt -e .
	@touch $@

.make/dev: .make/venv pyproject.toml constraints.txt
	@echo 'installing unisono and what its tests, checks and docs need into .venv'
	@.ci/install -c constraints.txt -e '.[test,check,docs,postgres,deid]'
	@touch $@

.make/modules: page/package.json page/package-lock.json | .make/venv
	@.ci/npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.make/page: .make/modules .ci/page_digest.py $(FRONT)
	@$(BIN)/python .ci/page_digest.py "$(CURDIR)/.ci/npm" run build --silent
	@touch $@

.make/system: .ci/system
	@mkdir -p .make
	@.ci/system > $@
