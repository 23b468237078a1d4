# Two commands for a newcomer: `make demo` and `make test`. Nothing but Python 3.11 is needed.

PYTHON ?= python3
VENV := .venv
PEERS := .venv-peers
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
TRANSLATOR := $(BIN)/qos-translator
FORMATTED := translator tests benchmarks docs/make

# The tests start the program hundreds of times: it is compiled once, not at each start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test peers lint check lab bench fuzz readme docs wheel clean help

help:
	@echo 'make demo   translate and prove the Lync plan for the example inventory'
	@echo 'make test   all tests but those that need root'
	@echo 'make check  format, lint, types, import direction, tests'
	@echo 'make peers  the environment of the tools that ours is compared with (make test makes it)'
	@echo 'make lab    kernel tests in network namespaces of their own (needs root)'
	@echo 'make readme write what the README and docs/ show of the program anew'
	@echo 'make docs   the same, and the site in build/site'
	@echo 'make bench  speed, as ratios in one run'
	@echo 'make fuzz   a million damaged texts through every reader, thousands of long ones, 500 devices of'
	@echo '            which a quarter is faulty'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'error: $(PYTHON) is older than 3.11'; echo '  hint: make PYTHON=python3.11'; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo 'error: no venv module'; echo '  hint: apt-get install python3-venv'; exit 2; }

# Stamps: an install is repeated only when what it installs has changed.
$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo 'installing qos-translator into $(VENV)'
	@PIP_CONSTRAINT=constraints.txt $(PIP) install -e '.[edit]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo 'installing what the tests need into $(VENV)'
	@PIP_CONSTRAINT=constraints.txt $(PIP) install -e '.[dev]'
	@touch $@

# Tools that the tests hold ours against and that cannot be installed beside ciscoconfparse 1.9.52.
$(PEERS)/.ready: $(VENV)/bin/python constraints-peers.txt
	@echo 'installing the tools that ours is compared with into $(PEERS)'
	@rm -rf $(PEERS) && $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check -q install --no-deps -r constraints-peers.txt
	@touch $@

peers: $(PEERS)/.ready

demo: $(VENV)/.run
	@QOS_TRANSLATOR=$(TRANSLATOR) sh inventories/example/demo.sh

# Six at a time: what changes devices mostly waits for them. A file's tests stay together, and
# files begin in the order of `tests/conftest.py`: slow ones first.
test: $(VENV)/.dev $(PEERS)/.ready
	$(BIN)/python -m pytest -n 6 --dist loadfile --no-loadscope-reorder -m 'not netns'

lint: $(VENV)/.dev
	$(BIN)/ruff format --check $(FORMATTED)
	$(BIN)/ruff check $(FORMATTED)
	$(BIN)/mypy --strict translator docs/make
	$(BIN)/python -m pytest -q tests/project/test_imports.py

check: lint test

lab: $(VENV)/.dev
	@[ "$$(id -u)" = 0 ] || { echo 'error: the kernel lab needs root'; echo '  hint: sudo make lab'; exit 2; }
	unshare --net --mount $(BIN)/python -m pytest -n 6 --dist worksteal tests/lab tests/audit/repair tests/push/lab -m netns  # no packet can leave

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

fuzz: $(VENV)/.dev
	QOS_TIMED=1 $(BIN)/python -m pytest -q tests/robust/test_fuzz.py
	QOS_FLEET=500 $(BIN)/python -m pytest -q tests/push/fleet/test_served_fleet.py
	$(BIN)/python tests/robust/hostile.py --texts 400
	$(BIN)/python tests/robust/fuzz.py --inputs 1000000 --keep build/fuzz

# What the README and docs/ show of the program, written anew; review the change.
readme: $(VENV)/.dev
	$(BIN)/python -m docs.make
	$(BIN)/python -m translator.audit.reports.json_schema > translator/audit/reports/audit.schema.json
	$(BIN)/python -m pytest -q tests/audit/reports/test_docs.py tests/push/test_faults_table.py --update-golden
	QOS_UPDATE_README=1 $(BIN)/python -m pytest -q tests/project/test_corpus_share.py tests/project/test_shown_commands.py

docs: readme
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel --no-isolation

clean:
	rm -rf $(VENV) $(PEERS) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
