"""Patterns that are compiled at their first use."""

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from unabridged.text import patterns
from unabridged.text.patterns import lazy_regex

SOURCE = Path(patterns.__file__).resolve().parents[1]


def test_a_pattern_does_what_the_compiled_one_does() -> None:
    lazy, compiled = lazy_regex(r"(?P<year>\d{4})-(\w+)", re.I), re.compile(r"(?P<year>\d{4})-(\w+)", re.I)
    text = "from 1999-May to 2004-June"
    assert lazy.findall(text) == compiled.findall(text)
    assert lazy.sub(r"\2", text) == compiled.sub(r"\2", text)
    assert (lazy.pattern, lazy.flags, lazy.groupindex) == (
        compiled.pattern,
        compiled.flags,
        compiled.groupindex,
    )
    assert lazy_regex(rb"a+").match(b"aab") is not None


def test_a_pattern_is_compiled_at_its_first_use() -> None:
    wrong = lazy_regex("(")
    assert wrong.pattern == "("
    with pytest.raises(re.error):
        wrong.search("text")


def test_a_pattern_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError, match="close"):
        lazy_regex("a").close  # type: ignore[attr-defined]  # noqa: B018


def test_all_patterns_of_the_extractor_can_be_compiled() -> None:
    found = 0
    for path in sorted(SOURCE.rglob("*.py")):
        if "lazy_regex(" in path.read_text(encoding="utf-8"):
            name = ".".join(("unabridged", *path.relative_to(SOURCE).with_suffix("").parts))
            module = import_module(name.removesuffix(".__init__"))
            for value in vars(module).values():
                for one in _patterns(value):
                    assert one.groups >= 0, (name, one.pattern)
                    found += 1
    assert found > 400
    assert "unabridged.urls" in sys.modules


def _patterns(value: object) -> "list[re.Pattern[str]]":
    if isinstance(value, patterns._LazyPattern):
        return [value]  # type: ignore[list-item]
    if isinstance(value, dict):
        return _patterns([*value.keys(), *value.values()])
    if isinstance(value, list | tuple | set | frozenset):
        return [one for inner in value for one in _patterns(inner)]
    return []
