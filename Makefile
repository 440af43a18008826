# Everything a newcomer needs: python3 and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
EXAMPLE ?= data/examples/stockroom.txt

.PHONY: score test wheel wheel-check lab train evaluate learning-curve ablation seeds trust bench clean

score: $(VENV)/.installed
	$(BIN)/starcheck score $(EXAMPLE)

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --cov --cov-report=term

# Containers work as root, which Jupyter refuses unless told.
LAB_FLAGS := $(if $(filter 0,$(shell id -u)),--allow-root)
lab: $(VENV)/.installed-notebook
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/jupyter lab --notebook-dir=notebooks $(LAB_FLAGS) notebooks/01-score-an-answer.ipynb

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

# A wheel built from the sdist, and scoring with it alone in a fresh environment.
wheel: $(VENV)/.installed-test
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist . >/dev/null

wheel-check:
	rm -rf build/fresh && mkdir -p build && $(PYTHON) -m venv build/fresh
	build/fresh/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	cd build && fresh/bin/starcheck score ../$(EXAMPLE) --format json -o fresh/report.json && grep -q '"status": "scored"' fresh/report.json
	rm -rf build/fresh

# Rebuild the model, encoders included (36 minutes on two cores).
WEIGHTS ?= sentence-transformers/all-MiniLM-L6-v2
train: $(VENV)/.installed-train
	$(BIN)/starcheck train --encoder --weights $(WEIGHTS) --output models/star-en --seeds-to build/seeds

evaluate: $(VENV)/.installed-test
	$(BIN)/starcheck evaluate

trust: $(VENV)/.installed-test
	$(BIN)/starcheck trust

# A file of labelled answers outside the project can be measured as well: make ablation ALSO=path
ablation learning-curve: $(VENV)/.installed-test
	mkdir -p build
	$(BIN)/python -m starcheck.training.experiments $@ $(if $(ALSO),--also $(ALSO)) --json build/$@.json --plot build/$@.svg

# How far the encoders of single seeds differ, once 'make train' has left them in build/seeds
seeds: $(VENV)/.installed-test
	mkdir -p build
	$(BIN)/python -m starcheck.training.experiments seeds --encoders build/seeds $(if $(ALSO),--also $(ALSO)) --json build/seeds.json

bench: $(VENV)/.installed-test
	$(BIN)/python tests/benchmarks/speed.py

$(VENV)/.installed-train: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[train]'
	touch $@

$(VENV)/.installed-notebook: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[notebook]'
	touch $@

clean:
	rm -rf $(VENV) dist build
