# One file for every chore: run, test, lint, bench, screenshot.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev

.PHONY: run test test-qgis lint wheel bench units screenshot golden clean

run: $(STAMP)
	@test -s var/antt.sqlite || $(BIN)/python -m geo demo --if-empty
	@$(BIN)/streamlit run app.py

# A worker for each core; more than four would want more memory than a desk's machine has.
test: $(DEV_STAMP)
	@tests/browser/chromium.sh
	@$(BIN)/python -m pytest -n auto

# Exported GeoPackages in QGIS itself; apart, for QGIS takes long to install.
test-qgis: $(DEV_STAMP)
	@tests/qgis/qgis.sh
	@$(BIN)/python -m pytest tests/qgis/check_styles.py

lint: $(DEV_STAMP)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# A wheel to install elsewhere, in build/.
wheel: $(STAMP)
	@$(BIN)/python -m pip wheel --disable-pip-version-check -q --no-deps -w build .

bench: $(DEV_STAMP)
	@tests/browser/chromium.sh
	@$(BIN)/python -m tests.bench

# Make the default boundary layer anew from registry packages.
units: $(DEV_STAMP)
	@$(BIN)/pip install -q -r requirements-build.txt
	@$(BIN)/python data/reference/build_units.py

screenshot: $(DEV_STAMP)
	@tests/browser/chromium.sh
	@$(BIN)/python -m tests.browser.screenshot

# The golden pictures anew; look at them before you keep them.
golden: $(DEV_STAMP)
	@tests/browser/chromium.sh
	@$(BIN)/python -m tests.golden

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Editable: the packages of requirements.txt, and the command `antt` over this checkout.
$(STAMP): requirements.txt pyproject.toml hatch_build.py
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check -q -e .
	@touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.txt
	@$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-dev.txt
	@touch $@
