# Every entry prepares what it needs first and is quick when that is there. `make` alone says what there is.
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) -S infra/local/bootstrap.py
CLOUD = .venv/bin/python -m infra.cloud
SUITE = $(WITH_NODE) .venv/bin/python infra/local/suite.py
# Node is the environment's own where the machine's is missing or too old.
WITH_NODE = PATH="$(CURDIR)/.venv/bin:$$PATH"

.DEFAULT_GOAL := help
.PHONY: help run site test prove check unit contract simulation site-tests rehearse e2e bench types fix package deploy destroy clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Everything on http://127.0.0.1:8787 (PORT=… DESKBELL_DATA=… HOST=…); Ctrl-C ends it
	@exec $(BOOTSTRAP) run

site: ## Build the site into build/site
	@$(BOOTSTRAP) site

test: ## All checks and tests, and a summary
	@$(BOOTSTRAP) dev
	@$(SUITE)

prove: ## The proofs by chance at their large sizes: about two hours
	@$(BOOTSTRAP) dev
	@DESKBELL_SEEDS=$(or $(DESKBELL_SEEDS),10000) DESKBELL_FRAMES=$(or $(DESKBELL_FRAMES),200000) $(SUITE) simulation e2e

check: ## Style, types, directions of import, dead code
unit: ## Tests of rules, in memory
contract: ## Tests of the stand-ins against what AWS documents
simulation: ## A small shop in all weathers: crashes, races, lost and doubled calls, from seeds
site-tests: ## Tests of the site's code
rehearse: ## The packaged stack on a stand-in of AWS: deployed, used, updated, removed
e2e: ## Tests in a browser, against the running whole
check unit contract simulation site-tests rehearse e2e:
	@$(BOOTSTRAP) dev
	@$(SUITE) $@

bench: ## What reading costs with ten records and with a hundred thousand, drawn
	@$(BOOTSTRAP) dev
	@.venv/bin/python -m tests.load.growing

types: ## Write the site's types from the protocol's models
	@$(BOOTSTRAP) dev
	@.venv/bin/python -m infra.scripts.types

fix: ## Format, and repair what can be repaired by itself
	@$(BOOTSTRAP) dev
	@.venv/bin/ruff check --fix --quiet || true
	@.venv/bin/ruff format --quiet
	@cd infra/site && $(WITH_NODE) npm run format --silent

package: ## Lambda's zip and the template, checked, with figures (STAGE=dev|prod ARCH=arm64|x86_64)
	@$(BOOTSTRAP) dev
	@$(CLOUD).package $(or $(STAGE),dev)

deploy: ## Into your AWS account: make deploy STAGE=dev|prod (README says what can be set)
	@$(BOOTSTRAP) dev
	@$(CLOUD).deploy $(STAGE)

destroy: ## Remove what was deployed: make destroy STAGE=dev|prod (asks first)
	@$(BOOTSTRAP) dev
	@$(CLOUD).destroy $(STAGE)

clean: ## Remove what was built; data and environments stay
	@rm -rf build .ruff_cache .mypy_cache .pytest_cache .import_linter_cache .hypothesis
