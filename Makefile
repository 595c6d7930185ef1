# The front door: `make demo` and `make test` do everything on a fresh Debian or Ubuntu machine.
.PHONY: build demo test setup setup-tests lint asan tsan format bench clean
JOBS ?= $(shell nproc)

build: setup            ## the release program: build/bin/topograph
	cmake --preset release >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build --preset release -j $(JOBS)

demo: build             ## map 63 666 package descriptions, print the topics and the report's path
	@mkdir -p build/demo
	build/bin/topograph fit examples/data/debian_packages.csv.gz --model static -o build/demo/debian
	build/bin/topograph topics build/demo/debian --format table
	@echo; echo "report: $(CURDIR)/build/demo/debian/report.html"

test: setup-tests       ## every test, in a release build with assertions
	cmake --preset test >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build --preset test -j $(JOBS)
	ctest --preset test -j $(JOBS)

asan: setup-tests       ## unit and property tests under the address and undefined-behaviour sanitizers
	cmake --preset asan >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build --preset asan -j $(JOBS)
	ctest --preset asan -j $(JOBS)

tsan: setup-tests       ## the same under the thread sanitizer
	cmake --preset tsan >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build --preset tsan -j $(JOBS)
	ctest --preset tsan -j $(JOBS)

lint: setup-tests       ## layers, format, banned functions
	python3 tools/check_layers.py
	python3 tools/check_style.py

format:                 ## rewrite every source with clang-format
	git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

bench: build            ## the numbers of the README, peer beside: see bench/README.md
	bench/pipeline

setup:
	@mkdir -p build
	@scripts/bootstrap

setup-tests:
	@mkdir -p build
	@scripts/bootstrap --tests

clean:                  ## build outputs; keeps the downloaded wheels and models
	find build -mindepth 1 -maxdepth 1 ! -name venv ! -name models -exec rm -rf {} +

tidy:                   ## clang-tidy over every source (minutes)
	@scripts/bootstrap --tidy
	cmake --preset dev >build/configure.log || { cat build/configure.log; exit 1; }
	git ls-files 'src/*.cpp' 'apps/*.cpp' | xargs -P $(JOBS) -n 4 clang-tidy-19 -p build/dev --quiet
