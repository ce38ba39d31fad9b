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
    "api_records",
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
    "archive": ("stories",),
    "stories": (),
    "sample": (),
    "poll": ("feeds", "fetch", "extraction", "archive"),
    "formats": ("feeds", "extraction", "archive"),
    "automation": ("fetch", "archive"),
    "workers": ("feeds", "fetch", "extraction", "archive", "poll", "automation"),
    "bulk": ("extraction",),
    "mcp_server": ("fetch", "archive", "stories", "poll", "formats"),
    "serve": (
        "feeds",
        "fetch",
        "extraction",
        "archive",
        "stories",
        "poll",
        "formats",
        "automation",
        "mcp_server",
    ),
    "client": (),
}
"""Each package and the packages beside the ground that it may import."""

TOP = ("cli", "demo", "__init__", "__main__")

LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "archive": (
        ("storage", "records"),
        ("raw_pages", "feeds", "search_index"),
        ("search", "analysis"),
        ("rules",),
        ("articles",),
        ("items", "events"),
        ("library", "migrations"),
        ("ingest", "maintenance"),
        ("facade",),
    ),
    "extraction": (
        ("html",),
        ("metadata", "selection", "multipage", "structure"),
        ("body", "rules", "completeness"),
        ("article",),
        ("explain", "sites"),
    ),
    "poll": (
        ("reports", "failures", "robots", "extractor", "websub", "outcome_writer"),
        ("context",),
        ("feeds",),
        ("pages",),
        ("one_off", "retention"),
        ("poller",),
        ("background",),
    ),
    "serve": (
        ("views", "security", "api.problems", "full_text.negotiation", "full_text.documents"),
        ("context",),
        ("error_pages",),
        ("routes",),
        ("sync", "api", "full_text.routes", "changes", "event_log", "memento", "stories"),
        ("app", "server"),
    ),
    "cli": (("support",), ("commands",)),
    "mcp_server": (
        ("text", "caller"),
        ("tools.arguments", "tools.answers", "tools.story_answers", "tools.schemas"),
        ("tools.rendering", "tools.story_rendering"),
        ("tools.reading", "resources"),
        ("tools.history", "tools.changes", "tools.stories", "tools.writing"),
        ("tools.registry",),
        ("server",),
        ("stdio", "http"),
    ),
    "formats": (
        ("selection", "output_files"),
        ("export_job", "document", "book"),
        ("jsonl", "markdown", "subscriptions", "warc", "proof"),
        ("export", "import_files"),
    ),
    "feeds": (("parsing",), ("discovery", "reader"), ("lists",)),
}
"""Inside a package, lowest first: a part imports from its own layer and those before it. Others are free."""

OPEN_TO_OTHERS: dict[str, tuple[str, ...]] = {
    "archive": ("facade", "records", "search.query_language", "articles.version_policy"),
    "extraction": (
        "article",
        "explain",
        "rules",
        "sites",
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
_LOGINS = "the libraries of passkeys and OpenID Connect are an extra, and take 0.1 s and 15 MB each"
_AGENTS = "the library of the protocol is an extra, and takes 0.6 s and 40 MB"
_PUBLIC = "the public names are imported when they are first used: --help and extraction need no database"
_STORIES = "phrases, names of outlets and MinHash take 0.02 s, and few commands need them"
_LIKE = "of the settings of a feed only `like` asks the network, which takes 0.8 s to load on two busy cores"
_FILES = "reading a file needs no network, which takes 0.3 s to load, and one form of output"
LATE_IMPORTS: dict[str, str] = {
    "cli.commands.articles.read: cli.support.event_loop": _FILES,
    "cli.commands.articles.read: cli.support.explain": _FILES,
    "cli.commands.articles.read: extraction.explain": _FILES,
    "cli.commands.articles.read: fetch.client": _FILES,
    "cli.commands.articles.read: formats.document.document": _FILES,
    "cli.commands.articles.read: poll.one_off": _FILES,
    "cli.commands.subscriptions.feed_settings: poll.feeds.page_lists": _LIKE,
    "cli.commands.subscriptions.feed_settings: poll.poller": _LIKE,
    "archive: archive.facade.archive": _PUBLIC,
    "archive: archive.facade.library.search": _PUBLIC,
    "archive: archive.records.core": _PUBLIC,
    "archive: archive.records.imports": _PUBLIC,
    "archive: archive.records.polling": _PUBLIC,
    "archive: archive.search.executor": _PUBLIC,
    "archive: archive.search.highlight": _PUBLIC,
    "archive: archive.search_index.rebuild": _PUBLIC,
    "__init__: archive.facade.archive": _PUBLIC,
    "__init__: poll.one_off": _PUBLIC,
    "__init__: text.diff": _PUBLIC,
    "__init__: extraction.article": _PUBLIC,
    "__init__: feeds.parsing.parse": _PUBLIC,
    "__init__: fetch.client": _PUBLIC,
    "archive.facade.derived: archive.analysis.analyse": _STORIES,
    "archive.facade.library.stories: archive.analysis.sources": _STORIES,
    "archive.facade.library.stories: archive.library.stories": _STORIES,
    "archive.facade.library.stories: archive.library.story_details": _STORIES,
    "archive.facade.library.stories: archive.library.story_marks": _STORIES,
    "cli.app: cli.support.context": _OPTIONS,
    "cli.app: cli.support.terminal": _OPTIONS,
    "cli.commands.database.replay: workers.enqueue": _QUEUE,
    "cli.commands.database.verify: poll.extractor.pool": "parsers of pages, needed only for a proof bundle",
    "cli.commands.servers.worker: workers.process": _QUEUE,
    "cli.commands.servers.worker: workers.upgrade": _QUEUE,
    "cli.support.workers: workers.enqueue": _QUEUE,
    "cli.support.workers: workers.upgrade": _QUEUE,
    "archive.search_index.tokenizer: archive.search_index.folding": "0.1 s, for letters beyond ASCII",
    "cli.commands.servers.mcp: mcp_server.caller": _AGENTS,
    "cli.commands.servers.mcp: mcp_server.stdio": _AGENTS,
    "serve.sync.mcp: mcp_server.caller": _AGENTS,
    "serve.sync.mcp: mcp_server.http": _AGENTS,
    "serve.app: serve.logins.provider": _LOGINS,
    "serve.routes.logins.passkeys: serve.logins.authenticator": _LOGINS,
    "extraction: extraction.article": "site rules are read without a page's parser",
    "poll.extractor.child: feeds.lists.read": "0.03 s to load, and most children never need it",
    "poll.extractor.child: feeds.discovery.selected_items": "0.03 s to load, and most children never need it",
    "poll.extractor.pool: poll.extractor.child": "the process that polls does not parse pages itself",
}
"""Imports of our own modules inside functions: "module: imported module", and the reason."""

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
    heavy = {"sqlalchemy", "aiohttp", "lxml", "turbohtml", "fastapi", "numpy", "httpx"}
    for path in modules():
        if package_of(path) in GROUND:
            assert not {module.split(".")[0] for module in imports(path)} & heavy, path


def test_only_the_fetch_package_is_an_http_client() -> None:
    for path in modules():
        if package_of(path) not in ("fetch", "sample", "client"):  # a client asks only its own server
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
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("import_module", "__import__")
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
    "archive/facade/accounts.py": {"rename", "touch"},
    "archive/facade/library/marks.py": {"rename"},
    "archive/facade/logins.py": {"link", "rename", "touch"},
    "serve/api/routes/feeds.py": {"rename"},
    "serve/api/routes/tags.py": {"rename"},
    "serve/routes/logins/passkeys.py": {"rename"},
    "serve/routes/logins/provider.py": {"link"},
    "archive/facade/library/subscriptions.py": {"rename"},
    "archive/facade/library/tokens.py": {"touch"},
    "cli/commands/articles/tags.py": {"rename"},
    "cli/commands/subscriptions/doctor.py": {"write_text"},
    "cli/commands/subscriptions/site_profiles.py": {"write_text"},
    "poll/feeds/setting_changes.py": {"rename"},
    "serve/routes/sources/bulk_edit.py": {"rename"},
    "serve/routes/sources/feed_settings.py": {"rename"},
    "serve/sync/google_reader/marks.py": {"rename"},
    "serve/sync/google_reader/subscriptions.py": {"rename"},
    "serve/sync/miniflux/subscriptions.py": {"rename"},
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
