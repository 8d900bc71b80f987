.DEFAULT_GOAL := help
.PHONY: help run watch test check build screenshots setup

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 14

run: ## build the app (development) and start it at http://localhost:5001
	@scripts/run.sh

watch: ## the same with rebuild and reload at every change (cargo leptos watch)
	@scripts/leptos.sh watch

test: ## everything: format, lints, Rust tests, release build, browser tests
	@scripts/test.sh

check: ## format and lints only
	@scripts/check.sh

build: ## the production build: optimised, precompressed, without the local Clerk
	@scripts/leptos.sh build --release --precompress --bin-features ssr

screenshots: ## every page in light, dark and phone width, into end2end/screenshots/
	@scripts/screenshots.sh

setup: ## the tools that the other targets need; what is there already is left alone
	@scripts/setup.sh
