# What a person types. Everything else is in CMakeLists.txt and CMakePresets.json.
#   make          the release binary: build/release/posthorn
#   make run      builds it and shows it at work
#   make test     builds and runs all tests, the sanitizers and the fuzzers
#   make install  PREFIX=/usr/local DESTDIR=
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 20

.PHONY: all run test unit asan tsan fuzz lint format bench install clean packages-build packages-test packages-lint

all: packages-build
	@cmake --preset release >/dev/null
	@cmake --build build/release --parallel $(JOBS)

run: all
	@tools/show build/release/posthorn

# Each step leaves its own build folder, so a second run builds nothing.
test: packages-test unit asan fuzz
	@echo "all tests passed"

unit: packages-test
	@cmake --preset dev >/dev/null
	@cmake --build build/dev --parallel $(JOBS)
	@ctest --test-dir build/dev --output-on-failure --parallel $(JOBS)

# The unit tests again, under AddressSanitizer and UndefinedBehaviorSanitizer.
asan: packages-test
	@cmake --preset asan >/dev/null
	@cmake --build build/asan --parallel $(JOBS)
	@ctest --test-dir build/asan --output-on-failure --parallel $(JOBS) --label-regex 'unit|replies|server'

tsan: packages-test
	@cmake --preset tsan >/dev/null
	@cmake --build build/tsan --parallel $(JOBS)
	@ctest --test-dir build/tsan --output-on-failure --parallel $(JOBS) --label-regex unit

fuzz: packages-test
	@cmake --preset fuzz >/dev/null
	@cmake --build build/fuzz --parallel $(JOBS)
	@tools/fuzz build/fuzz $(FUZZ_SECONDS) $(JOBS)

bench: all
	@bench/run.py build/release/posthorn

lint: packages-lint
	@cmake --preset dev >/dev/null
	@tools/lint

format: packages-lint
	@find src tools examples -name '*.cc' -o -name '*.h' | xargs clang-format-14 -i

install: all
	@DESTDIR=$(DESTDIR) cmake --install build/release --prefix $(PREFIX)

clean:
	@rm -rf build

packages-build:
	@tools/need-packages build
packages-test:
	@tools/need-packages build test
packages-lint:
	@tools/need-packages build test lint
