"""The documentation says what is true: generated pages, links, commands, settings, snippets."""

import re
import shlex
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import click
import pytest

from unabridged import model
from unabridged.cli.app import load_command

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    for target in targets:
        if not re.match(r"https?:|mailto:|#", target):
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = re.findall(r'^\s*"([A-Za-z0-9_-]+)(?:\[\w+\])?[><=]', project, flags=re.MULTILINE)
    names += re.findall(r'\["([A-Za-z0-9_-]+)(?:\[\w+\])?[><=]', project)
    assert len(names) > 10
    assert [name for name in names if name not in reasons] == []


def test_every_command_in_the_readme_exists() -> None:
    reference = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^## unabridged (\S+)", reference, flags=re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"[`/&] ?unabridged (?:--\w+ )?([a-z]+(?:-[a-z]+)*)\b", readme))
    assert used - known <= {"import"} - known
    assert known - used == set(), "commands that the README does not name"


def test_no_file_names_a_registry_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        path = ROOT / name
        if path.suffix in (".md", ".py", ".toml", ".txt", ".html", ".css", ".js", "") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert str(ROOT) + "/" not in text, name


def test_constraints_are_names_and_versions_alone() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.+!-]+", line)] == []


def snippets(page: Path) -> list[str]:
    """Python snippets that check themselves (those with an assert)."""
    found = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [text for text in found if "assert " in text]


@pytest.mark.parametrize("page", [page for page in PAGES if snippets(page)], ids=lambda path: path.name)
def test_snippets_that_assert_something_run(page: Path) -> None:
    for text in snippets(page):
        exec(compile(text, str(page), "exec"), {})


RECORDS = [one for one in vars(model).values() if isinstance(one, type) and is_dataclass(one)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_of_a_public_record_is_documented(record: type) -> None:
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    assert [item.name for item in fields(record) if f"`{item.name}`" not in page] == []


def typed_commands(page: Path) -> list[list[str]]:
    """The words behind `unabridged` in every command of ours in the shell blocks of a page."""
    blocks = re.findall(
        r"^ *```(?:sh|console|cron)\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    found = []
    for line in "\n".join(blocks).replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars="|&;<>()")
        lexer.whitespace_split = True
        command: list[str] = []
        for word in [*lexer, ";"]:
            if not re.fullmatch(r"[|&;<>()]+", word):
                command.append(word)
                continue
            begins = next((n for n, one in enumerate(command) if Path(one).name == "unabridged"), None)
            if begins is not None and set(command[:begins]) <= BEFORE_A_COMMAND:
                found.append(command[begins + 1 :])
            command = []
    return found


BEFORE_A_COMMAND = {"do", *"docker exec unabridged unabridged".split(), *"* 0 1 2 3 4 5 6 7".split(), "30"}
"""Words that stand before the name of the program where it is called: a loop, a container, a time of cron."""

TYPED = [
    pytest.param(words, id=f"{page.name}-{number}-{' '.join(words)[:60]}")
    for page in PAGES
    if page.name != "CHANGELOG.md"
    for number, words in enumerate(typed_commands(page))
]


@pytest.mark.parametrize("words", TYPED)
def test_every_command_on_a_page_can_be_typed(words: list[str]) -> None:
    rest = words[1:] if words[:1] == ["unabridged"] else list(words)  # in a container of that name
    if rest == ["--version"]:
        return
    while rest[0].startswith("--"):
        assert rest.pop(0) in {"--quiet", "--json", "--database"}
        rest = rest[1:] if words[0] == "--database" else rest
    command: click.Command = load_command(rest.pop(0))
    while isinstance(command, click.Group):
        command = command.commands[rest.pop(0)]
    command.make_context("unabridged", rest).close()
