# make show    perform the default show: in a window, or where there is no screen or camera, as a film in out/
# make test    all tests                make check   format, lint, types, layers
# make bench   what a frame costs       make clean   leave only what is checked in
RUN := .venv/bin/installation

.PHONY: show test check bench clean
.DEFAULT_GOAL := show

show:
	@sh setup.sh show
	@$(RUN) run --stand-in

test:
	@sh setup.sh test
	@$(RUN) models get --all
	@.venv/bin/python -m pytest

check:
	@sh setup.sh test
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench:
	@sh setup.sh show
	@$(RUN) benchmark --unpaced

clean:
	rm -rf .venv out dist build
