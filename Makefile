# All is made inside the checkout: .venv/ holds the tools, build/ what is made from the sources.
# A file .venv/.… stands for a step that is done, so that a second run passes over it.
.DEFAULT_GOAL := help
.PHONY: help install serve test check lint types docs bench soak clean lock system
.NOTPARALLEL:

PORT ?= 8000
PYTHON ?=
# So many tests run side by side, each with a city and a database of its own. What was compiled once
# is kept, or each server that they start would compile it anew.
WORKERS ?= 2
# So long the API is loaded by `make soak`.
SOAK_MINUTES ?= 10
RUN := .venv/bin/python
SERVE = $(if $(CITY),GEO_MATCH_STORE=$(CITY) )$(if $(NET),GEO_MATCH_NETWORK=$(NET) )$(if \
	$(GROUND),GEO_MATCH_GROUND=$(GROUND) )$(RUN) -m api --port $(or $(PORT),'')
FIRST :=
OR_ELSE :=
PIP := $(RUN) -m pip --disable-pip-version-check --quiet
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate
COMPILE_PROJECT := $(COMPILE) pyproject.toml requirements/build.in
UPGRADE ?=
# What is served where neither a store nor a file is named. Its rows and its form come from these.
CITY := $(if $(filter undefined,$(origin GEO_MATCH_STORE)),$(if \
	$(filter undefined,$(origin GEO_MATCH_SITES)),build/city.db))
CITY_FROM := $(wildcard data/*.parquet data/history/*.parquet geo_match/records/*.py \
	geo_match/store/schema/tables.py geo_match/store/schema/migrations/versions/*.py)
# The streets of that city, where no others are named.
NET := $(if $(CITY),$(if $(filter undefined,$(origin GEO_MATCH_NETWORK)),build/city.net))
NET_FROM := $(wildcard data/streets.parquet data/river.parquet geo_match/walking/*.py \
	geo_match/walking/*/*.py)
# What its map is drawn on, where nothing else is named.
CITY_GROUND := data/districts.parquet,data/river.parquet
GROUND := $(if $(CITY),$(if $(filter undefined,$(origin GEO_MATCH_GROUND)),$(CITY_GROUND)))
# The page with the map, and what it is built from. Node.js is the machine's, if that is new enough,
# else one in .venv.
PAGE := api/web/dist/index.html
PAGE_FROM := $(wildcard api/web/*.html api/web/*.json api/web/*.ts api/web/src/* api/web/src/*/*)
IN_PAGE := cd api/web && PATH="$(CURDIR)/.venv/bin:$$PATH"
NODE_SERVES := const [major, minor] = process.versions.node.split(`.`).map(Number); \
	process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)
# Of the rooms of matching and walking those that a caller meets: what is given, asked, answered.
PUBLIC = $(subst /,.,$(basename $(wildcard geo_match/[a-z]*.py geo_match/*/[a-z]*.py \
	geo_match/coverage/*/[a-z]*.py geo_match/matching/criteria/conditions.py \
	$(foreach room,answers changes given live,geo_match/matching/$(room)/[a-z]*.py) \
	$(foreach room,answers change index,geo_match/walking/$(room)/[a-z]*.py))))
# Alembic runs these, with a context that nobody else has.
MIGRATIONS = geo_match/store/schema/migrations

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

install: .venv/.dev $(PAGE) ## put what the library, the API and the tests need into .venv, build the page

serve: FIRST = $(SERVE) --check-port && # before what takes longer
serve: OR_ELSE = || echo "The page was not built; the API is served without it." >&2
serve: .venv/.serve .venv/.kernels $(CITY) $(NET) $(PAGE) ## answer on 127.0.0.1:8000 (another port: make serve PORT=8001)
	@$(SERVE)

test: install system check .venv/.kernels ## run everything: checks, tests, notebooks
	@echo "Tests of the page …"
	@$(IN_PAGE) npm test --silent
	@echo "Tests and notebooks, $(WORKERS) at a time …"
	@env -u PYTHONDONTWRITEBYTECODE $(RUN) -m pytest --numprocesses $(WORKERS) --dist loadfile

check: lint types docs ## lint, types and docs, without the tests

lint: install ## style, and who may import whom
	@echo "Style …"
	@$(RUN) -m ruff check --quiet
	@$(RUN) -m ruff format --quiet --check
	@report=$$(.venv/bin/lint-imports --no-logo) || { echo "$$report"; exit 1; }

types: install ## mypy and TypeScript, strict
	@echo "Types …"
	@$(RUN) -m mypy --no-error-summary
	@$(IN_PAGE) npm run --silent types

docs: install ## run the examples of the docstrings, write the reference to build/docs
	@echo "Docs …"
	@$(RUN) -m pytest --quiet --no-header --doctest-modules --ignore=$(MIGRATIONS) geo_match api
	@$(RUN) -m pdoc --docformat numpy --output-directory build/docs \
		geo_match $(PUBLIC) api '!$(subst /,.,$(MIGRATIONS))'

bench: install .venv/.kernels ## measure against what else could be used; a table for README
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) tests/benchmarks/circle.py
	@$(RUN) tests/benchmarks/city.py
	@$(RUN) tests/benchmarks/imports.py
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) tests/benchmarks/matching.py
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) tests/benchmarks/walking.py
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) tests/benchmarks/coverage_report.py
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) tests/benchmarks/live.py
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) tests/benchmarks/store.py
	@$(RUN) tests/benchmarks/api.py

soak: install system .venv/.kernels ## the long and heavy tests
	@$(RUN) -m pytest tests -m soak --hypothesis-profile=soak --timeout=0
	@$(RUN) tests/benchmarks/api.py --soak $(SOAK_MINUTES)

clean: ## remove what was made, but for the tools in .venv and node_modules
	@rm -rf build dist api/web/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find api data geo_match notebooks tests -name __pycache__ -prune -exec rm -rf {} +
	@rm -f .venv/.kernels

lock: install ## pin requirements/*.txt anew after pyproject.toml changed (newest: UPGRADE=--upgrade)
	@$(COMPILE_PROJECT) --extra dev $(UPGRADE) --output-file requirements/dev.txt
	@$(COMPILE_PROJECT) --extra api --constraint requirements/dev.txt \
		--output-file requirements/serve.txt
	@$(COMPILE) $(UPGRADE) requirements/node.in --output-file requirements/node.txt
	@$(IN_PAGE) npm $(if $(UPGRADE),update,install) --package-lock-only --silent

system: install
	@$(RUN) tests/system_parts.py

.venv/.made:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		found="$$python"; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making .venv with $$("$$python" --version) …"; \
		"$$python" -m venv .venv && touch $@; exit; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found cannot make a .venv. On Debian and Ubuntu: sudo apt-get install python3-venv"; \
	else \
		echo "geo_match needs Python 3.11 or newer, and found none as python3 or python3.11 to" \
			"python3.14. If it is elsewhere: make PYTHON=/path/to/python3 …"; \
	fi >&2; exit 1

.venv/.dev: requirements/dev.txt pyproject.toml | .venv/.made
	@echo "Installing what running and testing need into .venv (once; some minutes) …"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch .venv/.serve $@

.venv/.serve: requirements/serve.txt pyproject.toml | .venv/.made
	@echo "Installing what running needs into .venv (once; about a minute) …"
	@$(PIP) install --require-hashes -r requirements/serve.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# Made under another name, so that one half-made by a killed run is not taken for whole. Whatever a
# log beside an older one holds must not be taken for the new one's.
build/city.db: $(CITY_FROM) | .venv/.serve
	@$(FIRST) echo "Importing the demonstration city of data/ into $@ (once; about 20 seconds) …"
	@mkdir -p build && rm -f $@ $@-* build/city.part.db*
	@$(RUN) -m geo_match import city data --store build/city.part.db
	@mv build/city.part.db $@ && rm -f build/city.part.db-*

build/city.net: $(NET_FROM) | .venv/.serve
	@$(FIRST) echo "Making $@ of the demonstration city's streets and river (once; some seconds) …"
	@mkdir -p build
	@$(RUN) -m geo_match network build data/streets.parquet --obstacles data/river.parquet --out $@

# Made beside it, so that a page half-built by a killed run is not taken for whole.
$(PAGE): $(PAGE_FROM) requirements/node.txt | .venv/.serve
	@$(FIRST) echo "Building the page with the map (once; about half a minute) …"
	@{ ($(IN_PAGE) && node --eval '$(NODE_SERVES)' && npm --version) >/dev/null 2>&1 || { \
			echo "Installing Node.js into .venv: there is none of 20.19 or newer here …"; \
			$(PIP) install --require-hashes -r requirements/node.txt; } && $(IN_PAGE) && { \
			test node_modules/.package-lock.json -nt package-lock.json || npm ci --silent; } && \
		npm run --silent build -- --outDir ../../build/page --emptyOutDir --logLevel warn && \
		rm -rf dist && mv ../../build/page dist; } $(OR_ELSE)

.venv/.kernels: $(wildcard geo_match/*.py geo_match/*/*.py geo_match/*/*/*.py)
	@$(FIRST) $(RUN) -m geo_match.index
	@$(RUN) -m geo_match.walking
	@touch $@
