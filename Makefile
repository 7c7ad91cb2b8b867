# Everything that make says goes to standard error, so that `make demo > record.json` holds the record and nothing else.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

HOST ?= 127.0.0.1
PORT ?= 8000
# The article that `make demo` reads.
ARTICLE ?= examples/strait.txt
# `replay`: `make demo` asks no model.
MODE ?= live
export ARTICLE HOST MODE PORT

.PHONY: help
help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup: $(VENV)/.installed ## Make .venv with everything in it; needs Python 3.11 or newer.

# The environment is made anew whenever the lock changes, so that nothing stays behind. The newest pip comes first and installs the rest.
$(VENV)/.locked: requirements/pip.txt requirements/dev.txt
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON): install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Vigie needs Python 3.11 or newer and this is $$("$(PYTHON)" --version 2>&1). Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making $(VENV) ..." >&2
	@"$(PYTHON)" -m venv --clear $(VENV) >&2 || { echo "$(PYTHON) cannot make an environment: its venv module is missing (Debian: python3-venv)." >&2; exit 1; }
	@$(PIP) install --quiet --require-hashes --requirement requirements/pip.txt >&2
	@$(PIP) install --require-hashes --requirement requirements/dev.txt >&2
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable . >&2
	@touch $@

.PHONY: demo
demo: setup ## Read one article (ARTICLE=file) with the embedded model and print its record; MODE=replay: one of the examples, without a model.
	@[ "$$MODE" = replay ] || $(BIN)/vigie fetch >&2
	@$(BIN)/python scripts/demo.py "$$ARTICLE" "$$MODE"

.PHONY: serve
serve: setup ## Serve on HOST and PORT, with the settings of .env if there is one.
	@if [ -f .env ]; then set -a; . ./.env; set +a; fi; exec $(BIN)/vigie serve --host "$$HOST" --port "$$PORT"

.PHONY: test
test: setup ## Run the tests that need no model.
	@$(BIN)/pytest

.PHONY: prove
prove: setup ## Show at length, and under load, what the tests show in little: an hour and more, with nothing else at work (PROVE_ARGS=options of pytest).
	@$(BIN)/pytest -m "prove or load" $(PROVE_ARGS)

.PHONY: eval
eval: setup ## Measure how well the embedded model reads the gold articles (EVAL_ARGS=options).
	@VIGIE_MODEL=embedded $(BIN)/vigie eval $(EVAL_ARGS)

GOLD_ANSWERS := service/examples/recordings

.PHONY: floors
floors: setup ## Check that the recorded answers about the reporting half reach their floors; needs no model.
	@VIGIE_MODE=replay VIGIE_REPLAY_DIR=$(GOLD_ANSWERS) $(BIN)/vigie eval --half reporting --check

.PHONY: record-gold
record-gold: setup ## Let the embedded model read the reporting half anew, and keep its answers for `make floors`.
	@rm -rf build/gold
	@VIGIE_MODEL=embedded VIGIE_MODE=record VIGIE_REPLAY_DIR=build/gold $(BIN)/vigie eval --half reporting --update
	@$(BIN)/python scripts/pack_recordings.py build/gold $(GOLD_ANSWERS)

# langextract needs other versions of what we need, so it has an environment of its own.
BENCH_VENV := build/bench
BENCH_PIP = $(BENCH_VENV)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes

$(BENCH_VENV)/.installed: requirements/pip.txt benchmarks/quality/requirements.txt
	@echo "Making $(BENCH_VENV) ..." >&2
	@"$(PYTHON)" -m venv --clear $(BENCH_VENV) >&2
	@$(BENCH_PIP) --requirement requirements/pip.txt >&2
	@$(BENCH_PIP) --requirement benchmarks/quality/requirements.txt >&2
	@touch $@

# As are FastAPI and LiteLLM, which nothing of ours needs.
build/bench-%/.installed: requirements/pip.txt benchmarks/speed/%.txt
	@echo "Making $(@D) ..." >&2
	@"$(PYTHON)" -m venv --clear $(@D) >&2
	@$(@D)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes --requirement requirements/pip.txt >&2
	@$(@D)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes --requirement benchmarks/speed/$*.txt >&2
	@touch $@

.PHONY: bench
bench: setup build/bench-fastapi/.installed build/bench-litellm/.installed ## Measure what Vigie adds to a model's own time, beside others: half an hour, with nothing else at work (BENCH_ARGS=options).
	@$(BIN)/python -m benchmarks.speed $(BENCH_ARGS)

.PHONY: bench-quality
bench-quality: setup $(BENCH_VENV)/.installed ## Compare Vigie with what a user would pick instead (BENCH_ARGS=options).
	@VIGIE_MODEL=embedded VIGIE_MODE=live $(BIN)/python -m benchmarks.quality $(BENCH_ARGS)

.PHONY: bench-attacks
bench-attacks: setup ## Read the attack set with scripted models (BENCH_ARGS="--live 40": pairs with the embedded one too).
	@VIGIE_MODEL=embedded VIGIE_MODE=live $(BIN)/python -m benchmarks.attacks $(BENCH_ARGS)

.PHONY: check
check: setup ## Run what must pass before a change is taken: lint, format, types, imports, tests, coverage.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest --cov
	@$(BIN)/pytest -m "cost and not prove"

.PHONY: fmt
fmt: setup ## Mend and format the code.
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# uv resolves for every platform and every Python from 3.11 on at once. LOCK_ARGS=--upgrade takes newer versions than those that are locked.
UV_VERSION := 0.13.9
LOCK_VENV := build/lock
COMPILE = $(LOCK_VENV)/bin/uv pip compile --quiet --native-tls --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(LOCK_ARGS)

.PHONY: lock
lock: ## Make the locks in requirements/ anew from pyproject.toml.
	@"$(PYTHON)" -m venv --clear $(LOCK_VENV) >&2
	@$(LOCK_VENV)/bin/python -m pip --disable-pip-version-check install --quiet uv==$(UV_VERSION) >&2
	@$(COMPILE) pyproject.toml --extra embedded --group dev --output-file requirements/dev.txt
	@$(COMPILE) pyproject.toml --extra embedded --constraint requirements/dev.txt --output-file requirements/embedded.txt
	@$(COMPILE) pyproject.toml --constraint requirements/dev.txt --output-file requirements/base.txt
	@$(COMPILE) benchmarks/quality/requirements.in --output-file benchmarks/quality/requirements.txt
	@$(COMPILE) benchmarks/speed/litellm.in --output-file benchmarks/speed/litellm.txt
	@$(COMPILE) benchmarks/speed/fastapi.in --constraint requirements/dev.txt --output-file benchmarks/speed/fastapi.txt
	@echo pip | $(COMPILE) - --constraint requirements/dev.txt --output-file requirements/pip.txt

RECORD := service/examples/french.record.json

.PHONY: examples
examples: setup ## Make the example record anew from the recorded answers.
	@VIGIE_MODE=replay VIGIE_REPLAY_DIR=service/examples/recordings $(BIN)/vigie extract --quiet $(RECORD:.record.json=.json) > $(RECORD).new
	@mv $(RECORD).new $(RECORD)

.PHONY: vendor
vendor: ## Fetch anew what others wrote: the OpenAPI UI, and axe for tests; needs npm.
	@"$(PYTHON)" scripts/vendor.py

.PHONY: screenshots
screenshots: setup ## Make the pictures in docs/images anew; needs Chromium.
	@$(BIN)/python scripts/screenshots.py

.PHONY: image
image: ## Build the container image `vigie`; needs Docker.
	@docker build --tag vigie --build-arg VERSION="$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' service/__init__.py)" --build-arg REVISION="$$(git rev-parse HEAD)" .

.PHONY: prove-image
prove-image: ## Build the container image without Docker and try what it promises; needs root and Debian's buildah, crun and debootstrap.
	@"$(PYTHON)" scripts/prove_image.py
