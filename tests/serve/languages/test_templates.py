"""No template has a text for people that is not marked for the catalogues."""

import re
from pathlib import Path

import pytest

from unabridged.serve.context import PACKAGE_DIR

TEMPLATES = sorted((PACKAGE_DIR / "templates").rglob("*.html"))
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-confirm", "data-label", "data-text", "summary")
SAME_EVERYWHERE = frozenset(
    (
        "Unabridged",
        "· Unabridged",
        "RSS",
        "Atom",
        "TimeMap",
        "JSON",
        "OPML",
        "https://example.org",
        "https://example.org/story",
        "X-Token",
        "title:sponsored OR author:&quot;Ada Quill&quot;",
    )
)
"""Names and examples, which are the same in every language."""

_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_BLOCK = re.compile(r"\{% (?:end)?(?:block|set) ?\w* %\}")
_ATTRIBUTE = re.compile(r'\s([a-z-]+)="([^"]*)"')
_ATTRIBUTES_ALONE = re.compile(r'(?:\s*[a-z-]+="[^"]*")+\s*')
"""A block of attributes, which another template puts into a tag."""

_SILENT = re.compile(r"<(kbd|code|script|style)\b[^>]*>.*?</\1>", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]")


def unmarked(template: str) -> list[str]:
    """Return the texts of a template outside of expressions: of nodes, and of attributes that people meet."""
    # What an expression writes inside a text is data or marked itself: a sign stands for it.
    plain = _SILENT.sub(" ", _JINJA.sub("", _BLOCK.sub("<>", template)))
    found = [
        value
        for tag in re.findall(r"<[^>]*>", plain)
        for name, value in _ATTRIBUTE.findall(tag)
        if name in SPOKEN or (name.startswith("data-") and " " in value.strip())
    ]
    found += re.sub(r"<[^>]*>", "\0", plain).split("\0")
    return [
        text
        for one in found
        if _LETTERS.search(text := one.strip())
        and text not in SAME_EVERYWHERE
        and not _ATTRIBUTES_ALONE.fullmatch(text)
    ]


def unmarked_in_expressions(template: str) -> list[str]:
    """Return quoted words of several words or with a capital in an expression that does not translate."""
    found = []
    for expression in re.findall(r"\{\{(.*?)\}\}", template, re.DOTALL):
        rest = re.sub(r"(?:_|gettext|ngettext|pgettext)\((?:[^()\"']|\"[^\"]*\"|'[^']*')*\)", "", expression)
        found += [
            text
            for text in re.findall(r"\"([^\"]*)\"", rest)
            if not text.lstrip().startswith("data-")
            and (re.match(r"[A-Z][a-z]", text) or re.search(r"[a-z]{2,} [a-z]{2,}", text))
        ]
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_text_of_a_template_is_marked(path: Path) -> None:
    template = path.read_text(encoding="utf-8")
    assert unmarked(template) == []
    assert unmarked_in_expressions(template) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Planted</p>",
        '<p title="Planted">{{ _("x") }}</p>',
        '<button aria-label="Planted"></button>',
        '<input placeholder="Planted">',
        '<img alt="Planted">',
        '<button data-confirm="Planted?">{{ icon("x") }}</button>',
        '<p data-any="Planted words"></p>',
        "<p>{% if x %}Planted{% endif %}</p>",
        "<p>{{ n }} planted</p>",
    ],
)
def test_a_planted_text_is_found(planted: str) -> None:
    assert len(unmarked(planted)) == 1


def test_a_planted_text_in_an_expression_is_found() -> None:
    assert unmarked_in_expressions('{{ "Planted" if x else _("Marked (so) it is") }}') == ["Planted"]
    assert unmarked_in_expressions('{{ ", in the folder" if x }}') == [", in the folder"]
