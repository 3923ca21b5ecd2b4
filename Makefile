# The targets that a person types:
#
#   make demo    build, then tune a real program over REST and write demo/report.html
#   make test    build and run all tests
#   make build   the release executable, .build/release/hone
#   make python-test   test the Python client against that executable
#   make lint    check the formatting of all sources, and the files in Deploy/
#   make format  mend it
#   make clean   remove what was built
#
# demo, test and build install the system packages first when they are missing.

SWIFT ?= swift
SOURCES = Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources \
	Fuzzing/Package.swift Fuzzing/Sources/FuzzHTTP Fuzzing/Sources/FuzzJSON Fuzzing/Sources/FuzzForms

.PHONY: demo test build python-test lint format clean system-packages

build: system-packages
	$(SWIFT) build -c release

demo: build
	scripts/demo

test: system-packages
	scripts/test

python-test:
	scripts/python-test

lint:
	$(SWIFT) format lint --strict --parallel -r $(SOURCES)
	@scripts/lint-deploy

format:
	$(SWIFT) format --in-place --parallel -r $(SOURCES)

clean:
	rm -rf .build demo

system-packages:
	@scripts/system-packages
