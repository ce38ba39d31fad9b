"""The package's front door."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from unabridged.cli.app import COMMANDS, load_command


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_extract_alone_loads_no_database_and_no_network_library() -> None:
    code = (
        "import sys\nfrom unabridged import extract\n"
        "extract('<p>A paragraph that is long enough to be read, about ferries and the harbour.</p>')\n"
        "print({'sqlalchemy', 'aiohttp', 'fastapi'} & set(sys.modules))"
    )
    assert python(code) == "set()"


HEAVY = [
    "requests",
    "urllib3",
    "tldextract",
    "lxml",
    "asyncio",
    "rich",
    "pydantic",
    "ssl",
    "http.client",
    "scipy",
]
"""Modules that take 0.01 s or more to load, and that no page needs."""


def test_the_package_loads_no_library_before_one_is_used() -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\nimport unabridged\nprint(sorted(set(sys.modules) - before))"
    )
    loaded = {name.partition(".")[0] for name in re.findall(r"'([^']+)'", python(code))}
    assert "unabridged" in loaded
    assert loaded <= {"unabridged", *sys.stdlib_module_names}


def test_a_page_is_extracted_without_modules_that_are_slow_to_load() -> None:
    code = (
        "import sys\nfrom pathlib import Path\nimport unabridged\n"
        "page = '<p>A paragraph that is long enough to be read, about ferries and the harbour.</p>'\n"
        "assert unabridged.extract(page, url='https://news.example.co.uk/2024/ferries').text\n"
        f"print(sorted(set({HEAVY}) & set(sys.modules)))"
    )
    assert python(code) == "[]"


def test_a_page_uses_a_minority_of_the_regular_expressions() -> None:
    """They are compiled when they are first used: all of them would take 0.1 s."""
    code = (
        "import re\nfrom unabridged import extract\ncompiled = []\n"
        "real = re.compile\nre.compile = lambda *words: compiled.append(words) or real(*words)\n"
        "extract('<p>A paragraph that is long enough to be read, about ferries and the harbour.</p>')\n"
        "print(len(compiled))"
    )
    assert 0 < int(python(code)) < 200


def test_a_file_is_read_without_network_and_event_loop(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>A paragraph that is long enough to be read, about ferries and the harbour.</p>")
    code = (
        f"import sys\nsys.argv = ['unabridged', 'read', {str(page)!r}]\nfrom unabridged.cli import app\n"
        "try:\n    app.main()\nexcept SystemExit:\n    pass\n"
        "print({'aiohttp', 'asyncio', 'requests', 'lxml', 'sqlalchemy', 'rich.markdown'} & set(sys.modules))"
    )
    shown = python(code).splitlines()
    assert any("ferries" in line for line in shown)
    assert shown[-1] == "set()"


def test_commands_that_store_nothing_load_no_database_and_no_web_server() -> None:
    code = (
        "import sys\nfrom unabridged.cli.app import load_command\n"
        "for name in ('read', 'feed', 'find', 'extract', 'bulk'):\n"
        "    assert load_command(name).name == name\n"
        "print({'sqlalchemy', 'fastapi', 'opencc'} & set(sys.modules))"
    )
    assert python(code) == "set()"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_the_program_shows_the_first_line_of_a_commands_help(name: str) -> None:
    assert COMMANDS[name][1] == load_command(name).get_short_help_str(limit=200)


@pytest.mark.parametrize("words", [["--help"], ["--version"], []])
def test_help_and_version_load_no_command_and_nothing_that_commands_need(words: list[str]) -> None:
    code = (
        f"import sys\nsys.argv = ['unabridged', *{words}]\nfrom unabridged.cli import app\n"
        "try:\n    app.main()\nexcept SystemExit:\n    pass\n"
        "ours = sorted(name for name in sys.modules if name.startswith('unabridged'))\n"
        "print(ours, {'rich.console', 'pydantic', 'sqlalchemy', 'turbohtml'} & set(sys.modules))"
    )
    ours = [
        "clean_streams",
        "cli",
        "cli.app",
        "errors",
        "processes",
        "processes.programs",
        "processes.signals",
        "text",
        "text.controls",
        "text.patterns",
    ]
    loaded = f"{['unabridged', *(f'unabridged.{name}' for name in ours)]} set()"
    assert python(code).splitlines()[-1] == loaded


def test_the_public_names_are_listed_before_they_are_loaded() -> None:
    code = "import unabridged\nprint(set(unabridged.__all__) <= set(dir(unabridged)))"
    assert python(code) == "True"


def test_commands_that_use_no_network_load_no_network_library_and_no_page_parser() -> None:
    names = ["list", "remove", "set", "pause", "history", "diff", "search", "verify", "backup", "tag"]
    code = (
        "import sys\nfrom unabridged.cli.app import load_command\n"
        f"for name in {names}:\n    load_command(name)\n"
        "    found = {'aiohttp', 'fastapi', 'turbohtml', 'lxml', 'numpy', 'opencc'} & set(sys.modules)\n"
        "    assert not found, (name, found)"
    )
    assert python(code) == ""


def test_who_has_pages_and_feeds_read_in_children_does_not_load_their_readers() -> None:
    rooms = [
        *(
            "cli.commands.subscriptions.feed",
            "cli.commands.subscriptions.subscribe",
            "cli.commands.articles.save",
        ),
        *("serve.server", "workers.process"),
    ]
    code = (
        f"import sys\nfrom importlib import import_module\nfor room in {rooms}:\n"
        "    import_module('unabridged.' + room)\n"
        "    readers = {'unabridged.extraction.article', 'unabridged.feeds.parsing.parse'}\n"
        "    readers |= {'feedparser', 'numpy'}\n"
        "    assert not readers & set(sys.modules), (room, readers & set(sys.modules))"
    )
    assert python(code) == ""


@pytest.mark.parametrize("room", ["feeds.reader.child", "poll.extractor.child", "bulk.child"])
def test_a_child_loads_no_event_loop_and_no_feedparser(room: str) -> None:
    code = f"import sys\nimport unabridged.{room}\nprint({{'asyncio', 'feedparser'}} & set(sys.modules))"
    assert python(code) == "set()"


def test_every_public_name_is_found() -> None:
    code = "import unabridged\nprint(all(callable(getattr(unabridged, n)) for n in unabridged.__all__))"
    assert python(code) == "True"


def test_extract_is_the_function_beside_the_modules_of_the_package() -> None:
    code = (
        "import unabridged.extraction.selection.blocks\nimport unabridged\nfrom unabridged import extract\n"
        "print(callable(extract), unabridged.extract is extract)\n"
        "print(unabridged.extraction.selection.blocks.MAX_DEPTH)"
    )
    assert python(code) == "True True\n500"


def test_the_public_names_are_there() -> None:
    code = (
        "import unabridged\n"
        "assert unabridged.__version__[0].isdigit()\n"
        "print([name for name in unabridged.__all__ if not hasattr(unabridged, name)])"
    )
    assert python(code) == "[]"
