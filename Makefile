.DEFAULT_GOAL := help
.PHONY: help run watch test check audit package bench build screenshots setup

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 14

run: ## build the app (development profile) and start it at http://localhost:5001
	@scripts/run.sh

watch: ## the same, and rebuild and reload on every change
	@scripts/watch.sh

test: ## all checks: format, lints, documentation, dependencies, Rust tests, browser tests
	@scripts/test.sh

check: ## format, lints, documentation and dependencies only
	@scripts/check.sh

audit: ## known vulnerabilities of the dependencies (fetches the advisory database)
	@scripts/deny.sh advisories

package: ## package the crates as they would be published, and compile each package
	@scripts/package.sh

bench: ## CPU time, rates and memory beside a bare axum and Leptos server (benches/README.md)
	@scripts/bench.sh

build: ## the production build: optimised, compressed, without the local Clerk
	@LEPTOS_HASH_FILES=true scripts/leptos.sh build --release --precompress --bin-features ssr

screenshots: ## screenshots of every page, light and dark, desktop and phone, into end2end/screenshots/
	@scripts/screenshots.sh

setup: ## install the tools that the other targets need; keeps what is already installed
	@scripts/setup.sh
