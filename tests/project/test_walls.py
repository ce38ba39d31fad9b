"""Imports point down only: the packages and walls of the design, read from the source."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "unabridged"
TESTS = Path(__file__).resolve().parents[1]
GROUND = (
    "atomic_files",
    "clean_streams",
    "cleaning",
    "config",
    "dates",
    "decompress",
    "durations",
    "errors",
    "image_types",
    "limits",
    "model",
    "processes",
    "text",
    "urls",
    "warc_reader",
    "wrapped_urls",
)
"""Modules and packages that every package may import, and that import only each other."""

PACKAGES: dict[str, tuple[str, ...]] = {
    "feeds": (),
    "fetch": (),
    "extraction": (),
    "archive": (),
    "sample": (),
    "poll": ("feeds", "fetch", "extraction", "archive"),
    "formats": ("feeds", "extraction", "archive"),
    "workers": ("feeds", "fetch", "extraction", "archive", "poll"),
    "bulk": ("extraction",),
    "serve": ("feeds", "fetch", "extraction", "archive", "poll", "formats"),
}
"""Each package and the packages beside the ground that it may import."""

TOP = ("cli", "demo", "__init__", "__main__")

LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "archive": (
        ("storage", "records"),
        ("raw_pages", "feeds", "search_index"),
        ("articles",),
        ("search",),
        ("library", "migrations"),
        ("ingest", "maintenance"),
        ("facade",),
    ),
    "extraction": (
        ("html",),
        ("metadata", "selection", "multipage", "structure"),
        ("body", "rules", "completeness"),
        ("article",),
        ("explain",),
    ),
    "poll": (
        ("reports", "failures", "robots", "extractor", "websub", "outcome_writer"),
        ("context",),
        ("feeds",),
        ("pages",),
        ("one_off",),
        ("poller",),
        ("background",),
    ),
    "serve": (("views", "security"), ("context",), ("error_pages",), ("routes",), ("app",), ("server",)),
    "cli": (("support",), ("commands",)),
    "formats": (
        ("selection", "output_files"),
        ("export_job", "document", "book"),
        ("jsonl", "markdown", "opml", "warc"),
        ("export", "import_files"),
    ),
    "feeds": (("parsing",), ("discovery", "reader")),
}
"""Inside a package, lowest first: a part imports from its own layer and those before it. Others are free."""

OPEN_TO_OTHERS: dict[str, tuple[str, ...]] = {
    "archive": ("facade", "records", "search.query_language", "articles.version_policy"),
    "extraction": (
        "article",
        "explain",
        "rules",
        "multipage",
        "request",
        "html",
        "body.fragment",
        "metadata.names",
        "metadata.language",
    ),
}
"""What code outside a package may import of it, beside what the package itself offers by name."""

_OPTIONS = "--help and --version load no command and no console"
_QUEUE = "the job engine is an extra, needed only for PostgreSQL with workers"
_PUBLIC = "the public names are imported when they are first used: --help and extraction need no database"
LATE_IMPORTS: dict[str, str] = {
    "archive: archive.facade.archive": _PUBLIC,
    "archive: archive.facade.library.search": _PUBLIC,
    "archive: archive.records.core": _PUBLIC,
    "archive: archive.records.polling": _PUBLIC,
    "archive: archive.search.executor": _PUBLIC,
    "archive: archive.search.highlight": _PUBLIC,
    "archive: archive.search_index.rebuild": _PUBLIC,
    "__init__: archive.facade.archive": _PUBLIC,
    "__init__: extraction.article": _PUBLIC,
    "__init__: feeds.parsing.parse": _PUBLIC,
    "__init__: fetch.client": _PUBLIC,
    "cli.app: cli.support.context": _OPTIONS,
    "cli.app: cli.support.terminal": _OPTIONS,
    "cli.commands.database.replay: workers.enqueue": _QUEUE,
    "cli.commands.servers.worker: workers.process": _QUEUE,
    "cli.commands.servers.worker: workers.upgrade": _QUEUE,
    "cli.support.workers: workers.enqueue": _QUEUE,
    "cli.support.workers: workers.upgrade": _QUEUE,
    "archive.search_index.tokenizer: archive.search_index.folding": "0.1 s, for letters beyond ASCII",
    "extraction: extraction.article": "site rules are read without a page's parser",
    "poll.extractor.child: feeds.discovery.page_as_feed": "0.03 s to load, and most children never need it",
    "poll.extractor.pool: poll.extractor.child": "the process that polls does not parse pages itself",
}
"""Imports of our own modules inside functions: "module: imported module", and the reason."""

LEAST_LINES = 40
"""Lines of code beyond which a module that holds functions has a file of tests of its name."""

NOT_TESTED_BY_NAME: dict[str, str] = {
    "archive.articles.versions": "archive/ingest/test_article_page.py",
    "archive.facade.feeds": "archive/feeds/test_feeds.py",
    "archive.facade.ingest": "archive/ingest/test_feed_document.py",
    "archive.facade.library.articles": "archive/articles/test_queries.py",
    "archive.facade.library.search": "archive/search/test_executor.py",
    "archive.facade.library.subscriptions": "archive/feeds/test_subscriptions.py",
    "archive.facade.maintenance": "archive/maintenance/test_backup.py",
    "archive.facade.schedule": "archive/ingest/test_leases.py",
    "archive.feeds.fetch_settings": "cli/commands/subscriptions/test_feed_settings.py",
    "archive.feeds.websub": "serve/routes/test_websub.py",
    "archive.migrations.row_repair": "archive/storage/test_row_decoding.py",
    "archive.records.library": "archive/library/test_tags.py",
    "archive.records.maintenance": "archive/maintenance/test_verify.py",
    "archive.search_index.consistency": "archive/maintenance/test_verify.py",
    "archive.storage.tables": "archive/storage/test_engine.py",
    "cli.commands.articles.save": "cli/commands/articles/test_history.py",
    "cli.commands.articles.search": "cli/support/test_terminal.py",
    "cli.commands.servers.worker": "workers/test_process.py",
    "cli.support.explain": "cli/commands/articles/test_read.py",
    "cli.support.selection_options": "cli/commands/database/test_transfer.py",
    "cli.support.subscription_details": "cli/commands/subscriptions/test_feed_settings.py",
    "extraction.body.boilerplate": "extraction/body/test_fragment.py",
    "extraction.body.notes": "extraction/structure/test_footnotes.py",
    "extraction.explain": "extraction/test_article.py",
    "extraction.html.element_rules": "extraction/body/test_fragment.py",
    "extraction.html.media": "extraction/body/test_build.py",
    "extraction.html.note_views": "extraction/structure/test_footnotes.py",
    "extraction.html.serializer": "extraction/body/test_fragment.py",
    "extraction.selection.candidates": "extraction/selection/test_select.py",
    "extraction.selection.features": "extraction/selection/test_select.py",
    "extraction.selection.hidden_blocks": "extraction/test_cases.py",
    "extraction.structure.data_articles": "extraction/test_cases.py",
    "extraction.structure.drop_caps": "extraction/test_cases.py",
    "extraction.structure.further_articles": "extraction/test_cases.py",
    "extraction.structure.hidden": "extraction/test_cases.py",
    "extraction.structure.inline_notes": "extraction/structure/test_footnotes.py",
    "extraction.structure.key_points": "extraction/test_cases.py",
    "extraction.structure.note_marks": "extraction/structure/test_footnotes.py",
    "extraction.structure.page_data": "extraction/test_cases.py",
    "extraction.structure.page_state": "extraction/test_cases.py",
    "extraction.structure.rich_text": "extraction/test_cases.py",
    "extraction.structure.service_labels": "extraction/test_cases.py",
    "extraction.structure.templates": "extraction/test_cases.py",
    "poll.pages.images": "archive/articles/test_images.py",
    "poll.reports": "poll/test_poller.py",
    "processes.child": "processes/test_pool.py",
    "sample.render": "sample/test_server.py",
    "serve.context": "serve/routes/test_pages.py",
    "serve.views.any_feed": "serve/routes/test_any_feed.py",
    "serve.views.sidebar": "serve/routes/test_pages.py",
}
"""Module -> the file where its tests are, for modules without a file of their name."""

SUBJECTS: dict[str, str] = {
    "archive/articles/test_duplicates_everywhere.py": "one article in lists, search, exports and deletion",
    "archive/facade/test_concurrency.py": "writers and readers side by side, in all parts of the archive",
    "archive/facade/test_user_isolation.py": "every call of a library, with another user's numbers",
    "archive/maintenance/test_kills_and_locks.py": "kills and locks, in upgrades and backups alike",
    "archive/search/test_recall.py": "the whole search, compared with a scan of the texts",
    "archive/storage/test_file_modes.py": "rights of all files: database, log, backup, copy",
    "cli/test_bad_input.py": "every command, with what it cannot use",
    "cli/test_logins_in_addresses.py": "passwords in addresses, through all commands",
    "cli/test_planted_files.py": "every command, in a folder of hostile files",
    "dates/test_hostile.py": "all readers of dates, on hostile texts",
    "extraction/metadata/test_hostile.py": "all readers of metadata, on hostile pages",
    "extraction/test_cases.py": "whole pages with their expectation beside them",
    "extraction/test_oversized_pages.py": "bounds of the whole extraction",
    "feeds/parsing/test_addresses.py": "relative and wrapped addresses, in all feed formats",
    "feeds/parsing/test_hostile.py": "all feed formats, on hostile documents",
    "fetch/test_secrets_by_origin.py": "every secret, against every way to another origin",
    "formats/document/test_fuzz.py": "documents made at random, read and written",
    "formats/document/test_seed.py": "one document of the past, word by word",
    "formats/test_export_kill.py": "every format, killed while it is written",
    "poll/feeds/test_private_feeds.py": "logins and cookies, from the archive to the request",
    "poll/feeds/test_validators.py": "ETag and Last-Modified, from the archive to the request",
    "poll/test_addresses_refused.py": "the address guard, in everything that sends a request",
    "poll/test_clock_jumps.py": "jumps of the clock, in schedules, leases and rounds",
    "poll/test_disk_full.py": "a full disk, while all of polling goes on",
    "poll/test_kill.py": "kills, while all of polling goes on",
    "poll/test_polite_polling.py": "the mark of the whole poller on a strict publisher",
    "poll/test_secrets_by_origin.py": "every secret, in everything that polling asks for",
    "serve/test_addresses.py": "foreign addresses, from every import to every answer",
    "serve/test_browser.py": "the reader in a browser",
    "serve/test_strange_text.py": "strange texts, from every import to every page",
    "test_fuzz.py": "mutated pages and feeds, through all that reads them",
}
"""Test file whose name is no module -> the subject of it, which crosses modules."""

SUBJECT_FOLDERS = ("bench", "e2e", "extraction/templates", "project")
"""Folders of tests that mirror no package of the program: of the examination, of what a reader sees end to
end, of pages made from templates, of the project itself."""

HTTP_CLIENTS = {"aiohttp", "httpx", "requests", "urllib3", "pycurl", "http.client", "urllib.request"}
MOST_MODULES = 15
MOST_LINES = 500


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def package_of(path: Path) -> str:
    return dotted(path).split(".")[0]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def known() -> frozenset[str]:
    return frozenset(dotted(path) for path in modules())


def imported(node: ast.AST) -> Iterator[str]:
    """Every name that an import statement brings, modules and their contents alike."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative import"
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imports(path: Path) -> frozenset[str]:
    """Every name that a file imports, wherever in the file."""
    return frozenset(name for node in ast.walk(tree(path)) for name in imported(node))


@cache
def own_imports(path: Path) -> frozenset[str]:
    """Our own modules that a file imports, without the leading `unabridged`."""
    found = set()
    for name in imports(path):
        if name.startswith("unabridged."):
            inner = name.removeprefix("unabridged.")
            found.add(inner if inner in known() else inner.rpartition(".")[0] or inner)
    return frozenset(found)


def within(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


@pytest.mark.parametrize("package", [*GROUND, *PACKAGES])
def test_a_package_imports_only_from_below(package: str) -> None:
    allowed = set(GROUND) if package in GROUND else {*GROUND, package, *PACKAGES[package]}
    files = [path for path in modules() if package_of(path) == package]
    too_high = {dotted(path): {name.split(".")[0] for name in own_imports(path)} - allowed for path in files}
    assert files
    assert {name: found for name, found in too_high.items() if found} == {}


@pytest.mark.parametrize("package", LAYERS)
def test_inside_a_package_imports_point_down(package: str) -> None:
    layers = {f"{package}.{part}": level for level, parts in enumerate(LAYERS[package]) for part in parts}
    assert {part for part in layers if part not in known()} == set()

    def level(name: str) -> int | None:
        return next((number for part, number in layers.items() if within(name, part)), None)

    wrong = []
    for path in modules():
        mine = level(dotted(path))
        for name in own_imports(path):
            theirs = level(name)
            if mine is not None and theirs is not None and theirs > mine:
                wrong.append(f"{dotted(path)} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("package", OPEN_TO_OTHERS)
def test_others_import_only_what_a_package_opens(package: str) -> None:
    opened = [f"{package}.{part}" for part in OPEN_TO_OTHERS[package]]
    wrong = [
        f"{dotted(path)} imports {name}"
        for path in modules()
        if package_of(path) != package
        for name in own_imports(path)
        if within(name, package) and name != package and not any(within(name, part) for part in opened)
    ]
    assert wrong == []


def test_every_module_has_its_floor() -> None:
    assert {package_of(path) or "__init__" for path in modules()} <= {*GROUND, *PACKAGES, *TOP}


def test_the_ground_knows_no_database_network_or_markup_library() -> None:
    heavy = {"sqlalchemy", "aiohttp", "lxml", "turbohtml", "fastapi", "numpy"}
    for path in modules():
        if package_of(path) in GROUND:
            assert not {module.split(".")[0] for module in imports(path)} & heavy, path


def test_only_the_fetch_package_is_an_http_client() -> None:
    for path in modules():
        if package_of(path) not in ("fetch", "sample"):
            clients = {name for name in HTTP_CLIENTS for got in imports(path) if within(got, name)}
            assert not clients, path


def test_only_the_command_that_serves_imports_the_web_app() -> None:
    found = {
        dotted(path)
        for path in modules()
        if package_of(path) == "cli"
        for name in own_imports(path)
        if within(name, "serve")
    }
    assert found <= {"cli.commands.servers.serve", "cli.commands.servers.demo"}


def late_imports(path: Path) -> set[str]:
    """Imports of our own modules inside functions, which load them when they are first needed."""
    found = set()
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            names = (name for node in ast.walk(function) for name in imported(node))
            found |= {
                f"{dotted(path)}: {inner if inner in known() else inner.rpartition('.')[0]}"
                for name in names
                if (inner := name.removeprefix("unabridged.")) != name
            }
    return found


def test_a_late_import_is_listed_with_its_reason() -> None:
    found = {late for path in modules() for late in late_imports(path)}
    assert found == set(LATE_IMPORTS)


def test_no_module_of_ours_is_imported_by_a_string() -> None:
    """Strings hide from this file and from types. The command registry alone imports by name."""
    found = {
        dotted(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__"))
    }
    assert found <= {"cli.app", "processes.child"}


def test_a_folder_holds_at_most_fifteen_modules() -> None:
    held = Counter(
        path.parent for path in modules() if path.name != "__init__.py" and "versions" not in path.parts
    )
    assert {str(folder): count for folder, count in held.items() if count > MOST_MODULES} == {}


def test_a_module_has_at_most_five_hundred_lines() -> None:
    lines = {dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


WRITING = {
    "write_text",
    "write_bytes",
    "touch",
    "mkdir",
    "makedirs",
    "symlink_to",
    "hardlink_to",
    "rename",
} | {
    "truncate",
    "mkfifo",
    "link",
    "symlink",
    "copyfile",
    "copytree",
    "rmtree",
    "NamedTemporaryFile",
    "TemporaryFile",
    "mkstemp",
    "mkdtemp",
    "extractall",
}
NAMED_ALIKE = {
    "archive/facade/library/marks.py": {"rename"},
    "archive/facade/library/subscriptions.py": {"rename"},
    "archive/facade/library/tokens.py": {"touch"},
    "cli/commands/articles/tags.py": {"rename"},
    "cli/commands/subscriptions/doctor.py": {"write_text"},
    "cli/commands/subscriptions/feed_settings.py": {"rename"},
}
"""Methods and functions of ours with the name of a call that writes files."""


def writes(path: Path) -> set[str]:
    """The calls of a module that open or make a file, folder or link for writing."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        name = called.rpartition(".")[2]
        words = [*node.args, *(keyword.value for keyword in node.keywords)]
        texts = {
            word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)
        }
        if name in WRITING or called in ("os.replace", "os.open", "os.unlink", "os.remove"):
            found.add(name)
        if called == "open" or (name == "open" and called != "os.open"):
            found |= {called for text in texts if set(text) <= set("rwaxbt+") and set(text) & set("wax+")}
    return found


def test_one_module_alone_writes_files() -> None:
    found = {
        name: writes(path) - NAMED_ALIKE.get(name, set())
        for path in modules()
        if (name := path.relative_to(SOURCE).as_posix()) != "atomic_files.py"
    }
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_one_module_alone_says_how_programs_are_started() -> None:
    for path in modules():
        if path.name != "programs.py":
            text = path.read_text(encoding="utf-8")
            assert "sys.executable" not in text, path
            assert "shutil.which" not in text, path
            assert not imports(path) & {"multiprocessing", "webbrowser", "pydoc"}, path


def place_of_tests(path: Path) -> Path:
    """The place of a module's tests: tests/<package>/<sub-package>/test_<module>.py."""
    return TESTS / path.relative_to(SOURCE).parent / f"test_{path.name}"


def holds_logic(path: Path) -> bool:
    """Tell if a module has functions and more than LEAST_LINES lines of code, docstrings aside."""
    texts = {
        line
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = {node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.expr | ast.stmt)} - texts
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return len(lines) > LEAST_LINES and any(isinstance(node, functions) for node in ast.walk(tree(path)))


def test_a_module_that_holds_logic_is_tested_by_its_name_or_listed() -> None:
    unnamed = {
        dotted(path)
        for path in modules()
        if not path.name.startswith("__") and "versions" not in path.parts
        if holds_logic(path) and not place_of_tests(path).is_file()
    }
    assert unnamed == set(NOT_TESTED_BY_NAME)
    assert {place for place in NOT_TESTED_BY_NAME.values() if not (TESTS / place).is_file()} == set()


def test_a_test_file_is_named_by_its_module_or_listed_with_its_subject() -> None:
    named = {place_of_tests(path) for path in modules()}
    named |= {path.parent.with_name(f"test_{path.parent.name}.py") for path in map(place_of_tests, modules())}
    subjects = {
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("test_*.py")
        if path not in named and not path.relative_to(TESTS).as_posix().startswith(SUBJECT_FOLDERS)
    }
    assert subjects == set(SUBJECTS)
