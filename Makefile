.DEFAULT_GOAL := help
.PHONY: help run watch test check audit package bench bench-browser bench-growth bench-lighthouse bench-peers build check-clerk compat harden screenshots setup

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 16

run: ## build the app (development profile) and start it at http://localhost:5001
	@scripts/run.sh

watch: ## the same, and rebuild and reload on every change
	@scripts/watch.sh

test: ## all checks: format, lints, documentation, dependencies, Rust tests, browser tests
	@scripts/test.sh

check: ## format, lints, documentation and dependencies only
	@scripts/check.sh

check-clerk: ## try the read-only calls of the Backend API with your own keys (docs/backend-api.md)
	@scripts/check-clerk.sh

compat: ## apps of other frameworks with Clerk's SDKs on the local Clerk, in Chromium; some of them: APPS="nextjs flask"
	@scripts/compat.sh $(APPS)

audit: ## known vulnerabilities of the dependencies (fetches the advisory database)
	@scripts/deny.sh advisories

package: ## package the crates as they would be published, and compile each package
	@scripts/package.sh

bench: ## CPU time, rates and memory beside a bare axum and Leptos server, and the local Clerk (benches/README.md)
	@scripts/bench.sh
	@scripts/bench.sh local-clerk.mjs

bench-growth: ## CPU time and memory as users, sessions, claims, cookies and connections grow
	@scripts/bench.sh growth.mjs

bench-peers: ## CPU time beside Express, Hono, Next.js and Flask with Clerk's own SDKs
	@scripts/peers.sh
	@scripts/bench.sh peers.mjs

bench-browser: ## time to Clerk's user button and to hydration in Chromium, beside a static page
	@scripts/bench-browser.sh

bench-lighthouse: ## Lighthouse's scores of the public pages for signed-out visitors
	@npm ci --prefix benches/lighthouse
	@scripts/bench-browser.sh lighthouse/main.mjs

harden: ## faults, dying machines, load and fuzzing: up to 20 minutes, as root (docs/reliability.md)
	@scripts/harden.sh $(PARTS)

build: ## the production build: optimised, compressed, without the local Clerk
	@scripts/build.sh

screenshots: ## screenshots of every page, light and dark, desktop and phone, into end2end/screenshots/
	@scripts/screenshots.sh

setup: ## install the tools that the other targets need; keeps what is already installed
	@scripts/setup.sh
