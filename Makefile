# What one can do here: `make` lists it. Everything else is SwiftPM's.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

# Debian packages: what the product is built with, and what its tests and checks need besides.
BUILD_PACKAGES := ca-certificates git libcurl4-openssl-dev libsqlite3-dev pkg-config tzdata zlib1g-dev
HTTP2_SERVER_PACKAGE := nginx
# What reads the journals and workbooks that reports are.
READER_PACKAGES := hledger libreoffice-calc-nogui
# Prometheus' own checker of metrics, and what looks at statements as a browser shows and prints them.
SYSTEM_PACKAGES := jq prometheus chromium chromium-driver poppler-utils
# What builds the Debian package, and looks at its manual.
PACKAGE_PACKAGES := dpkg-dev man-db
TEST_PACKAGES := curl openssl python3 python3-aiosmtpd python3-jsonschema python3-venv sqlite3 systemd $(HTTP2_SERVER_PACKAGE) $(READER_PACKAGES)

# The same flags in every target, so that none builds again what another has built.
FLAGS := --explicit-target-dependency-import-check error
# Nothing loads the program, so that nothing has to find its symbols: fewer to look through at every start. Its libraries are
# the system's alone, not what lies beside it.
RELEASE := -c release --static-swift-stdlib --disable-local-rpath -Xlinker -s -Xlinker --no-export-dynamic $(FLAGS)
# Tests beside each other: with all at once each waits for minutes, and what has a deadline meets it.
TEST := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$$((2 * $$(nproc))) $(SWIFT) test --disable-xctest
SWIFT_FILES := Package.swift Sources Tests

.DEFAULT_GOAL := help
# SwiftPM uses every core itself, and only one of it can work in a directory.
.NOTPARALLEL:
.PHONY: help deps build-deps build install deb demo test check check-system picture lint format generate golden bench bench-forecast clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps: build-deps ## install what is missing: Debian packages, and the vendor's Python client from PyPI
	@scripts/install-packages.sh $(TEST_PACKAGES)
	@scripts/install-python.sh vendor-client >/dev/null

build-deps:
	@scripts/install-packages.sh $(BUILD_PACKAGES)
	@command -v $(SWIFT) >/dev/null || { echo "error: Swift 6.2 or later is needed: https://www.swift.org/install/linux/" >&2; exit 1; }

build: build-deps ## build the program for use, and print where it is
	$(SWIFT) build $(RELEASE) --product quotawatch
	@echo "$(CURDIR)/.build/release/quotawatch"

# Where Swift is not at hand, as under sudo, what `make build` has made is installed.
install: ## install to PREFIX=/usr/local (DESTDIR=): program, manual, completions, docs, schemas, examples, systemd units
	@if command -v $(SWIFT) >/dev/null; then $(MAKE) --no-print-directory build; \
	elif [ ! -x .build/release/quotawatch ]; then echo "error: run \"make build\" first" >&2; exit 1; fi
	scripts/install.sh .build/release/quotawatch $(PREFIX) "$(DESTDIR)"

deb: build ## build a Debian package of the program in .build
	@scripts/install-packages.sh $(PACKAGE_PACKAGES)
	scripts/build-deb.sh .build/release/quotawatch .build

demo: build-deps ## see the whole loop against a simulated vendor: no key, no internet
	$(SWIFT) build $(FLAGS) --product quotawatch
	.build/debug/quotawatch demo

test: deps ## run every test
	$(TEST) $(FLAGS)

check: deps lint ## the daily loop: lint, the code's shape, build with warnings as errors, tests, the pages' commands
	scripts/check-shape.sh
	$(SWIFT) build --build-tests $(FLAGS)
	$(TEST) --skip-build $(FLAGS)
	scripts/check-blocks.sh .build/debug/quotawatch

check-system: deps ## what needs a whole system: systemd's own checks, the crontab, the Debian package, secrets in containers, messages about hostile names, proxies, Prometheus' of the metrics, the API by its description, statements and pages in a browser, and what people do on these
	@scripts/install-packages.sh $(SYSTEM_PACKAGES)
	scripts/check-deploy.sh
	$(SWIFT) build $(RELEASE) --product quotawatch
	@scripts/install-packages.sh $(PACKAGE_PACKAGES)
	scripts/check-deb.sh .build/release/quotawatch
	scripts/check-first-hours.sh .build/release/quotawatch
	$(SWIFT) build $(FLAGS) --product quotawatch
	scripts/check-secrets.sh .build/debug/quotawatch
	scripts/check-metrics.sh .build/debug/quotawatch
	scripts/check-serve.sh .build/debug/quotawatch
	scripts/check-container.sh .build/debug/quotawatch
	scripts/check-escapes.sh .build/debug/quotawatch
	scripts/check-proxy.sh .build/debug/quotawatch
	scripts/check-api.sh .build/debug/quotawatch
	scripts/check-statements.sh .build/debug/quotawatch
	scripts/check-pages.sh .build/debug/quotawatch
	scripts/check-acting.sh .build/debug/quotawatch

picture: deps ## make the picture of the README anew, in a browser
	@scripts/install-packages.sh $(SYSTEM_PACKAGES)
	$(SWIFT) build $(FLAGS) --product quotawatch
	scripts/check-pages.sh .build/debug/quotawatch docs/pages.webp

lint: build-deps
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_FILES)

format: ## format the Swift files
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_FILES)

generate: build-deps ## write the schemas and the tables of the documentation that the code declares
	$(SWIFT) run $(FLAGS) Generate

golden: deps ## write the screens of commands and their help as they are now; look at what has changed
	GOLDEN=write $(TEST) $(FLAGS) --filter GoldenScreenTests

bench: deps build ## measure against curl and sqlite3, what rules cost, and how fast pages come
	$(SWIFT) build $(RELEASE) --product Benchmarks
	.build/release/Benchmarks
	python3 scripts/bench.py .build/release/quotawatch
	@scripts/install-packages.sh wrk
	python3 scripts/bench-pages.py .build/release/quotawatch

bench-forecast: build-deps ## measure the forecast on simulated and real series, against its peers (some minutes)
	$(SWIFT) build $(RELEASE) --product Benchmarks
	"$$(scripts/install-python.sh bench-forecast)" scripts/bench-forecast.py .build/release/Benchmarks --peers --floor

clean: ## remove what was built
	$(SWIFT) package clean
	rm -rf quotawatch-demo .build/vendor-client .build/bench-forecast .build/browser .build/api
