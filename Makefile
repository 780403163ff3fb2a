# Everything that is done with this repository. `make help` lists the targets, each described by its `##` comment.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SCENARIO ?= ubuntu_lts
HOST ?= ubuntu_lts
INVENTORY ?=
EXTRA ?=
# A real FreeBSD, to throw away afterwards, in place of the double.
FREEBSD_HOST ?=
FREEBSD_KEY ?=
export FREEBSD_HOST FREEBSD_KEY

TOOLS := tests/tools
VENV_PYTHON := .venv/bin/python
TARBALL_STAMP := .build/collections/.installed
COLLECTION_SOURCES := $(shell find galaxy.yml README.md LICENSE CHANGELOG.rst requirements.yml meta plugins roles playbooks docs \
	-type f -not -name '*.pyc' 2>/dev/null)

.PHONY: help venv build apply audit test lint sanity unit molecule bench pins release clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  FREEBSD_HOST=root@ADDRESS FREEBSD_KEY=FILE runs SCENARIO=freebsd_base on a real FreeBSD instead of the double."
	@echo "  HOST_IMAGES=upstream pulls the distributions' images, standin builds ours; unset tries the first, then the second."

venv: .venv/.ready .venv-newest/.ready ## Make .venv (ansible-core 2.19) and .venv-newest (newest ansible-core) with pinned tools

.venv/.ready: requirements-dev.txt
	@python=$$($(TOOLS)/find-python) && $$python -m tests.tools.environment pinned .venv

.venv-newest/.ready: requirements-dev.txt
	@python=$$($(TOOLS)/find-python) && $$python -m tests.tools.environment newest-core .venv-newest

.venv-bench/.ready: requirements-dev-bench.txt
	@python=$$($(TOOLS)/find-python) && $$python -m tests.tools.environment bench .venv-bench

build: $(TARBALL_STAMP) ## Build the collection and install it into .build/collections

$(TARBALL_STAMP): .venv/.ready $(COLLECTION_SOURCES)
	@$(VENV_PYTHON) -m tests.tools.build

apply: .venv/.ready $(TARBALL_STAMP) ## Prepare the hosts of INVENTORY=, or a disposable HOST=ubuntu_lts (centos, rocky8, freebsd) with a demonstration application (EXTRA='-e …')
	@$(VENV_PYTHON) -m tests.apply.run --host '$(HOST)' --inventory '$(INVENTORY)' -- $(EXTRA)

audit: .venv/.ready $(TARBALL_STAMP) ## Report on the hosts of INVENTORY=, or on this machine, and change nothing (EXTRA='-e …')
	@$(VENV_PYTHON) -m tests.apply.audit --inventory '$(INVENTORY)' -- $(EXTRA)

test: venv $(TARBALL_STAMP) ## Run everything below but the benchmarks
	@$(VENV_PYTHON) -m tests.tools.suite

lint: .venv/.ready $(TARBALL_STAMP) ## Run ruff, mypy, yamllint, ansible-lint, the changelog's linter and ansible-doc
	@$(VENV_PYTHON) -m tests.tools.lint

sanity: .venv/.ready ## Run ansible-test sanity on a copy of the sources
	@$(VENV_PYTHON) -m tests.tools.sanity

unit: .venv/.ready ## Run the unit tests on the oldest and newest target Python, and measure their coverage
	@$(VENV_PYTHON) -m tests.tools.unit

molecule: .venv/.ready $(TARBALL_STAMP) ## Run one scenario (SCENARIO=ubuntu_lts, centos or freebsd_base)
	@$(VENV_PYTHON) -m tests.tools.scenario '$(SCENARIO)'

bench: .venv/.ready .venv-bench/.ready $(TARBALL_STAMP) ## Measure the role against ping, plain tasks and pyinfra
	@$(VENV_PYTHON) -m tests.bench

pins: ## Write requirements-dev.txt anew from requirements-dev.in
	@python=$$($(TOOLS)/find-python) && $$python -m tests.tools.environment pins .build/pins

release: .venv/.ready ## Turn the changelog fragments into the entry of galaxy.yml's version
	@PATH="$(CURDIR)/.venv/bin:$$PATH" antsibull-changelog release

clean: ## Remove what the targets above made, but no disposable host
	rm -rf .build .venv .venv-bench .venv-newest .ansible .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
