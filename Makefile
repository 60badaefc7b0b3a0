# Everything from a fresh clone. Needed: make and Python 3.11 or newer; the rest is installed into .venv.
#
#   make run     install, then read, write and prove the sample orders        make bench   speed and memory
#   make test    install what testing needs, then run all tests               make soak    the long versions of the tests
#   make lint    ruff and mypy                                                make docs    the documentation, into out/docs
#   make browser the pages in a real browser: Chromium, which is installed where it is missing
#   make compare the same orders through other open tools, into out/compare   make clean   take away what was made

PYTHON ?= python3
VENV   ?= .venv

PY         = $(VENV)/bin/python
TRANSLATOR = $(VENV)/bin/translator
STORY      = samples/published-sample/1-850.edi

# `ready NAME EXTRA`: .venv with the project in it, editable. Done once: VENV/NAME.ready remembers the pyproject.toml that
# was installed, and from where; what has changed is installed again. A .venv whose Python is gone is made anew.
READY = \
	ready() { \
		if ! $(PY) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			command -v $(PYTHON) >/dev/null 2>&1 || { \
				echo "make: there is no $(PYTHON): install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }; \
			$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
				echo "make: $(PYTHON) is Python $$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); 3.11 or newer is needed: make PYTHON=/path/to/python3" >&2; exit 1; }; \
			$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
				echo "make: $(PYTHON) cannot make virtual environments: install its venv module (Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; }; \
			echo "== making $(VENV) with $$($(PYTHON) --version)"; \
			$(PYTHON) -m venv --clear $(VENV) || { echo "make: $(VENV) could not be made; see above" >&2; exit 1; }; \
		fi; \
		if ! { pwd; cat pyproject.toml; } | cmp -s - $(VENV)/$$1.ready; then \
			echo "== installing the project$$2 into $(VENV)"; \
			$(PY) -m pip install --quiet --disable-pip-version-check --retries 1 -e ".$$2" >$(VENV)/pip.log 2>&1 || { \
				grep '^ERROR' $(VENV)/pip.log | tail -n 3 >&2; \
				echo "make: the packages could not be installed. Can this machine reach a package index? All of it: $(VENV)/pip.log" >&2; exit 1; }; \
			{ pwd; cat pyproject.toml; } >$(VENV)/$$1.ready; \
		fi; \
	}; ready

.PHONY: run test browser lint docs bench compare soak clean

# Chromium where it is missing: from Debian's packages, by root or with sudo. CHROMIUM=/path/to/chromium names another.
BROWSER = \
	if [ -z "$$CHROMIUM$$(command -v chromium)$$(command -v chromium-browser)$$(command -v google-chrome)" ]; then \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		echo "== installing chromium"; \
		{ command -v apt-get && { [ -z "$$sudo" ] || command -v sudo; }; } >/dev/null 2>&1 && \
		$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null || { \
			echo "make: Chromium is not here and could not be installed. Install it, or name one: make browser CHROMIUM=/path/to/chromium" >&2; exit 1; }; \
	fi

run:
	@$(READY) run ""
	@mkdir -p out
	@echo "== reading the order printed in the published guide, $(STORY), into out/published-sample.json"
	@$(TRANSLATOR) read --exact $(STORY) >out/published-sample.json 2>out/published-sample.txt
	@echo "== what is wrong with it (also in out/published-sample.txt): it has faults, and is read all the same"
	@cat out/published-sample.txt
	@echo "== writing it back to X12, faults and all, into out/published-sample.edi"
	@$(TRANSLATOR) write --exact out/published-sample.json >out/published-sample.edi
	@cmp $(STORY) out/published-sample.edi && echo "   the same $$(wc -c <out/published-sample.edi | tr -d ' ') bytes as $(STORY)"
	@echo "== reading an order for a guest into out/guest.json, indented, with what an ERP wants to know"
	@$(TRANSLATOR) read --pretty --derived samples/guest/1-850.edi >out/guest.json
	@echo "== proving on every sample that nothing is lost"
	@$(TRANSLATOR) roundtrip samples/*/1-850.edi
	@echo "== done. Look at out/guest.json; then try: $(TRANSLATOR) --help"

test:
	@$(READY) test "[test]"
	$(PY) -m pytest -n 2

browser:
	@$(READY) browser "[test,browser]"
	@$(BROWSER)
	$(PY) -m pytest tests/browser

lint:
	@$(READY) lint "[lint,web,connect]"
	$(PY) -m ruff check .
	$(PY) -m mypy

docs:
	@$(READY) docs "[docs]"
	$(PY) -m sphinx -q -E -W --keep-going -n -b html -d out/doctrees docs out/docs
	@echo "== the documentation is in out/docs/index.html"

bench:
	@$(READY) test "[test]"
	$(PY) benchmarks/bench.py
	$(PY) benchmarks/exchange.py

compare:
	@$(READY) run ""
	$(PY) benchmarks/compare/compare.py

soak:
	@$(READY) test "[test]"
	$(PY) tests/mutants.py 250000
	SOAK=1 $(PY) -m pytest -n 2 tests/test_laws.py tests/test_exactly.py tests/test_forgeries.py \
		tests/test_hostile.py tests/test_plan.py tests/test_pen.py tests/test_exchange_crashes.py
	$(PY) tests/reached.py

clean:
	rm -rf $(VENV) out docs/reference build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find translator tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +
