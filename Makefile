# The developers' path; consultants on Windows and macOS use conda (environment.yml).
#
#   make demo   everything from nothing to the samples' finished deliverables
#   make test   lint and every test, those in a real browser included; of each long proof a slice
#   make lint   style, types, and notebooks without outputs
#   make soak   the long proofs whole: every example, seed and case of which make test runs a slice
#   make pictures   draw the pictures in the README again
#   make bare   make demo and make test in a fresh Debian 12, as root
#   make lock   compile requirements.lock again after pyproject.toml has changed

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
# Where it is set, every process that a test starts would compile each module again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: demo test checks lint soak pictures bare lock install chromium office

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --no-input --disable-pip-version-check
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0

demo: install
	$(BIN)/align demo

test: chromium
	$(MAKE) --jobs 2 --keep-going lint checks

checks: install
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 40 -m "not heavy"

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb

soak: install chromium office
	$(BIN)/python -m pytest -n 1 --hypothesis-profile soak -m "heavy or hypothesis"
	for proof in benchmarks/soak_*.py; do [ -e "$$proof" ] || continue; echo "$$proof"; $(BIN)/python "$$proof"; done

pictures: install chromium
	$(BIN)/python benchmarks/pictures.py

bare:
	tools/bare_machine.sh demo test

# The pins must suit every Python 3.11, so the oldest at hand chooses them (a test tells if one does not);
# the hashes must be those of the published files, whatever this machine's pip is told to prefer.
# Extras stay in the lock: a pip as old as 3.11's own tries the newest version for them before the pin.
OLDEST ?= $(firstword $(wildcard /usr/bin/python3.11) $(PYTHON))
PUBLISHED := PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= PIP_INDEX_URL= PIP_EXTRA_INDEX_URL=

lock:
	$(OLDEST) -m venv --clear $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --quiet install pip-tools
	$(PUBLISHED) $(VENV)/lock/bin/pip-compile --quiet --upgrade --extra dev --generate-hashes --no-strip-extras \
	  --allow-unsafe --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --output-file requirements.lock pyproject.toml

install: $(VENV)/.installed

# Not bin/python: where ensurepip is missing, a failed attempt leaves that behind without pip.
$(BIN)/pip:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  version=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  $(APT) update && { $(APT) install --yes "python$$version-venv" || $(APT) install --yes python3-venv; } >/dev/null; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.locked: requirements.lock | $(BIN)/pip
	$(PIP) install --require-hashes --requirement requirements.lock
	touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

# The browser's driver brings a node of its own, which wants libatomic1; whether it starts is asked of itself.
chromium: install
	command -v chromium chromium-browser google-chrome >/dev/null && command -v git >/dev/null \
	  && $(BIN)/python -m playwright --version >/dev/null 2>&1 || { \
	  $(APT) update && $(APT) install --yes --no-install-recommends git chromium fonts-dejavu-core libatomic1 >/dev/null; }

# It prints the workbooks and opens the PowerPoint files; with Carlito, which has the widths of the workbooks’ typeface.
office:
	command -v soffice >/dev/null || { $(APT) update \
	  && $(APT) install --yes --no-install-recommends libreoffice-calc libreoffice-impress fonts-crosextra-carlito >/dev/null; }
