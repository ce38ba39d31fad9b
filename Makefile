# One verb per job. `make demo` and `make test` set up whatever they need.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.set-up
DEV    := $(VENV)/.set-up-dev

# Compiled modules are kept, whatever the surroundings say: tests start this program hundreds of times.
export PYTHONDONTWRITEBYTECODE =

# SKIP_SYSTEM=1 leaves Debian's packages out; the tests that need one are skipped and say so.
SYSTEM := $(if $(SKIP_SYSTEM),,system)

.PHONY: install wheel losses bench-reader bench-rules bench-sites bench-listings bench-doors bench-whole-feeds bench-search bench-scale bench-bulk bench-bulk-sites bench-files bench-archive bench-manners measured bench-extract setup demo test slow check corpus bench train languages long system clean help bench-completeness bench-drift bench-credits bench-duplicates bench-starts bench-peers bench-stories

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

install: $(STAMP) ## .venv with what running needs, pinned (200 MB)
$(STAMP): pyproject.toml constraints.txt
	@tools/setup $(PYTHON) $(VENV)
	@touch $(STAMP)

demo: install ## the main job on the bundled sample publisher, offline; prints the reader's address
	@$(BIN)/unabridged demo

setup: $(DEV) ## .venv with all that tests and checks need, too (900 MB)
$(DEV): pyproject.toml constraints.txt
	@tools/setup $(PYTHON) $(VENV) dev,accounts,mcp,postgresql,bulk
	@touch $(STAMP) $(DEV)

system: ## Debian packages that the tests use: browser, database, proxies, fonts; installs them if run as root
	@tools/system

test: setup $(SYSTEM) ## every test but the slow and long ones and those of tests/project (`make check`); as root also `system`, unless SKIP_SYSTEM=1
	@$(if $(SKIP_SYSTEM),tools/system --list;) $(BIN)/pytest -q -rs -n 4 --dist worksteal -m "not slow and not long" --ignore tests/project

slow: setup $(SYSTEM) ## the tests of the files in tests/slow.txt: programs, browsers and apps over and over; five minutes
	@$(BIN)/pytest -q -rs -n 4 --dist worksteal -m "not long" $(addprefix tests/,$(file < tests/slow.txt))

wheel: setup ## build the wheel, install it into an empty environment, use it there
	@tools/wheel $(PYTHON) $(VENV)

check: setup ## style, types, and the tests of the project itself: import walls, documentation
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest -q tests/project

corpus: setup ## the examination over the corpora (SETS=a,b SAMPLE=n FLOORS=none PEERS=1)
	@if [ -n "$(PEERS)" ]; then tools/setup $(PYTHON) $(VENV) bench; fi
	@$(BIN)/python -m bench.corpus

losses: setup ## where text is lost, by set and kind of page (ARGS="--worst=20 fundus": the worst pages)
	@$(BIN)/python -m bench.losses $(ARGS)

bench: setup ## speed, beside peers, in one run
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python -m bench.speed --flat 10000 --linear

bench-starts: setup ## CPU of short-lived programs: --help, list, read FILE, a script; trafilatura beside them
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python -m bench.starts

languages: setup ## collect the reader's texts, bring its catalogues up to date, compile them
	@$(BIN)/python tools/languages.py

train: setup ## train the shipped models again from the corpora
	@tools/setup $(PYTHON) $(VENV) train
	@$(BIN)/python -m train
	@$(BIN)/python -m train.kinds

long: setup $(SYSTEM) ## many kills, long fuzz, big loads
	@tools/setup $(PYTHON) $(VENV) ray
	@$(BIN)/pytest -q -n 2 -m long

clean: ## remove what set-up made
	rm -rf $(VENV) build src/*.egg-info .mypy_cache .ruff_cache .pytest_cache

bench-extract: setup ## write docs/why/benchmark.md: quality and CPU time beside other extractors (SETS=a,b SAMPLE=n a class)
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python -m bench.benchmark --write

measured: setup ## write docs/why/measured.md: all tables, peers beside us (PARTS="speed long")
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python tools/measured.py $(PARTS)

bench-manners: setup ## our mark as a well-behaved reader, on a strict publisher
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python -m bench.manners

bench-archive: setup $(SYSTEM) ## saves, reads and bytes of the archive on both databases; raw pages beside gzip
	@$(BIN)/python -m bench.archive $(if $(ARTICLES),--articles $(ARTICLES))

bench-scale: setup $(SYSTEM) ## a million feeds: claims, the engine's cost, polls a worker, a simulated week
	@$(BIN)/python -m bench.scale $(if $(FEEDS),--feeds $(FEEDS))
	@$(BIN)/python -m bench.scale_simulation --feeds 1000000 --svg docs/images/scale-week.svg

bench-search: setup $(SYSTEM) ## search on both databases: articles indexed a second, queries, bytes
	@$(BIN)/python -m bench.search $(if $(ARTICLES),--articles $(ARTICLES))

bench-reader: setup $(SYSTEM) ## pages of the reader with 1,000 feeds and 200,000 articles beside Miniflux: time, CPU, weight, memory
	@$(BIN)/python -m bench.reader

bench-whole-feeds: setup ## full-text versions of the sample publisher's feeds beside morss, compared with the truth
	@$(BIN)/python -m bench.full_text_feeds

bench-peers: setup $(SYSTEM) ## polls of 1,000 feeds beside Miniflux and lemon24/reader: CPU, memory, bytes (FEEDS="100 1000 10000")
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python -m bench.peers $(if $(FEEDS),--feeds $(FEEDS))

bench-doors: setup ## APIs of reader apps with 1,000 feeds and 200,000 articles: time and bytes of each call
	@$(BIN)/python -m bench.doors

bench-sites: setup ## sites learnt from their own pages: F1 and CPU beside the general path and trafilatura (SITES=n a set)
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python -m bench.sites $(if $(SITES),--sites $(SITES))

bench-listings: setup ## pages without a feed read as feeds: items, titles, dates, later visits, redesigns; before and after
	@$(BIN)/python -m bench.listings
	@$(BIN)/python -m bench.listings --fronts

bench-completeness: setup ## verdicts on completeness: precision and recall on a labelled set, beside a baseline; with and without the site's measure
	@$(BIN)/python -m bench.completeness $(ARGS)

bench-credits: setup ## credited sources: precision and recall by language on a labelled set, CPU a sentence and an article
	@$(BIN)/python -m bench.attribution $(ARGS)

bench-duplicates: setup ## near-duplicates: recall, precision, CPU an article; an index of a million articles
	@$(BIN)/python -m bench.duplicates $(ARGS)

bench-stories: setup ## stories: B-cubed scores beside a baseline by titles, CPU and bytes an article
	@$(BIN)/python -m bench.stories $(ARGS)

bench-drift: setup ## redesigns of learnt sites: articles until the alarm, text lost meanwhile, false alarms (SITES=n a set)
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python -m bench.site_drift $(if $(SITES),--sites $(SITES))

bench-rules: setup ## 100 rules and 100 saved searches over 200,000 articles: deliveries, passes, counts, pages
	@$(BIN)/python -m bench.rules

bench-poll: setup ## 5,000 feeds on 1,000 hosts, a tenth of them bad: cost of a poll, all on loopback
	@$(BIN)/python -m bench.poll

bench-files: setup ## CPU seconds of extract, beside a shell loop of read and a script of eight lines
	@$(BIN)/python -m bench.extract_files

bench-bulk: setup ## pages a second of bulk work, beside datatrove with trafilatura, and on a Ray cluster
	@tools/setup $(PYTHON) $(VENV) bench
	@tools/setup $(PYTHON) $(VENV) ray
	@$(BIN)/python -m bench.bulk

bench-bulk-sites: setup ## bulk work over sites with many pages: one pass, two, with profiles, beside datatrove with trafilatura
	@tools/setup $(PYTHON) $(VENV) bench
	@$(BIN)/python -m bench.bulk_sites
