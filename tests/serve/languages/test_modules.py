"""No module of the reader has a text for people that is not marked for the catalogues."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from unabridged.serve.context import PACKAGE_DIR

MODULES = sorted(
    path for folder in ("views", "routes", "logins") for path in (PACKAGE_DIR / folder).rglob("*.py")
) + [PACKAGE_DIR / name for name in ("error_pages.py", "context.py", "viewer.py", "security.py")]

MARKS = frozenset(("gettext", "ngettext", "pgettext", "later", "counted"))
NOT_SHOWN = frozenset(
    ("compile", "fullmatch", "match", "sub", "search", "split", "debug", "warning", "error", "info")
)
"""Calls whose texts nobody sees: patterns, the log."""

SHOWN = frozenset(("title", "name", "label", "text", "what", "advice"))
"""Fields of views that are shown: a single word with a capital in one of them is a text, too."""

_WORDS = re.compile(r"[A-Za-z][a-z]+ [a-z]{2,}")
_CODE = re.compile(r"^<[a-z]|^javascript:")
ALLOWED: dict[str, frozenset[str]] = {
    "context.py": frozenset(  # of forms that no browser sends
        ("The form of the request cannot be read: ", "Missing boundary in multipart.")
    ),
    "error_pages.py": frozenset(("The client disconnected.\n",)),
    "logins/authenticator.py": frozenset(("unabridged passkey  ",)),
    "logins/provider.py": frozenset(
        (
            "openid profile email",
            "its answer is not a JSON object",
            "it says that it is ",
            "its  is not an https address",
            "it has no keys",
            "no validator was sent",
        )
    ),
    "routes/admin/runs.py": frozenset(
        (
            "It did not come to its end. The program's log says why.",  # a pattern
            "The backup was written, but could not be checked: ",  # a pattern
        )
    ),
    "routes/feed_documents.py": frozenset(
        (
            "Unabridged: all articles",
            "Full text of all articles from all sources.",
            "Full text of all articles in the folder .",
            "Full text of all articles with the tag .",
            "Full text of all articles that match the search .",
            "The page could not be read: ",
            " is not a place in a list. Start from the first page.",
        )
    ),
    "routes/media.py": frozenset(("noopener noreferrer nofollow ugc",)),
    "routes/playback/files.py": frozenset((" ended  bytes before the end that it stated.",)),
    "routes/search.py": frozenset(("white whale", '"white whale"')),
    "routes/websub.py": frozenset(
        (
            "This subscription was not requested.\n",
            "There is no such subscription.\n",
            "This delivery is too large.\n",
        )
    ),
    "views/admin.py": frozenset(("raw pages", "Python", "Unabridged")),
    "views/sources/site_rules.py": frozenset(("No body expression",)),  # the beginning of a warning
    "security.py": frozenset(("The signing key must have at least 16 bytes.",)),
}
"""Module -> texts that stay English: of feeds that we write, the log, hubs, the start, and code."""


def unmarked(source: str) -> list[str]:
    """Return the texts of several words in a module that are no docstrings and not marked."""
    tree = ast.parse(source)
    silent = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}  # docstrings
    found = [text for text in _texts(tree, silent) if _WORDS.search(text) or text.endswith("\0")]
    return [text.rstrip("\0") for text in found if text.rstrip("\0") and not _CODE.search(text)]


def _texts(node: ast.AST, silent: set[int]) -> Iterator[str]:
    if isinstance(node, ast.Call) and _name_of(node) in MARKS | NOT_SHOWN:
        return
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
        yield from _not_collected(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
        yield node.value
    if isinstance(node, ast.keyword) and node.arg in SHOWN and isinstance(node.value, ast.Constant):
        word = str(node.value.value)
        yield f"{word}\0" if re.match(r"[A-Z][a-z]", word) else word
        return
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _texts(child, silent)


def _not_collected(node: ast.JoinedStr) -> Iterator[str]:
    """Yield texts that are marked inside an f-string, where the tool that collects them does not look."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _name_of(call) in MARKS and isinstance(call.args[0], ast.Constant):
            yield f"{ast.unparse(call.args[0])}\0"


def _name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE_DIR).as_posix())
def test_every_text_of_a_module_is_marked(path: Path) -> None:
    name = path.relative_to(PACKAGE_DIR).as_posix()
    found = set(unmarked(path.read_text(encoding="utf-8")))
    assert found == ALLOWED.get(name, frozenset())


@pytest.mark.parametrize(
    "planted",
    [
        'title = "Planted words"',
        'show(title="Planted")',
        'raise NotFound(f"There is no {thing} here")',
        'show(name="All is well")',
        "told = f\"{gettext('Planted')}: {n}\"",
    ],
)
def test_a_planted_text_is_found(planted: str) -> None:
    assert len(unmarked(planted)) == 1


def test_marked_texts_docstrings_and_patterns_are_no_fault() -> None:
    source = '"""What it is for."""\nTEXT = later("Some words")\nshow(gettext("Other words"))\n'
    source += 're.compile("a word in")\n'
    assert unmarked(source) == []
