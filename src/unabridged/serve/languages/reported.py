"""Texts that other parts of the program wrote, in English: messages of errors, reasons of versions, evidence.

They are stored in the archive, or raised far below the reader, with their values inside. Each pattern of
`patterns` is one of them with a field for each value; what matches none is shown as it was written.
"""

import re
from functools import cache

from unabridged.serve.languages.choice import ENGLISH
from unabridged.serve.languages.messages import gettext, language, sentences
from unabridged.serve.languages.patterns import PATTERNS

_FIELD = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"`])")
MAX_LENGTH = 4000
"""Characters of a text that is looked for among the patterns."""


def reported(text: object) -> str:
    """Return a text of another part of the program in the language of the request.

    Sentence by sentence where all of them are such texts, else as a whole, else those that are. A value
    inside is translated, too, if it is such a text itself.
    """
    given = str(text)
    if language.get() is ENGLISH or len(given) > MAX_LENGTH:
        return given
    parts = _SENTENCE.split(given)
    found = [_translated(part) for part in parts]
    if None not in found:
        return sentences(*(new for new in found if new is not None))
    whole = _translated(given)
    return whole or " ".join(new or part for part, new in zip(parts, found, strict=True))


def _translated(text: str) -> str | None:
    """Return the translation of a text that is a pattern or matches one; None for any other."""
    exact, patterns = _patterns()
    if text in exact:
        return gettext(text)
    for expression, template in patterns:
        found = expression.fullmatch(text)
        if found is not None:
            values = {name: _translated(value) or value for name, value in found.groupdict().items()}
            return gettext(template).format(**values)
    return None


@cache
def _patterns() -> tuple[frozenset[str], tuple[tuple[re.Pattern[str], str], ...]]:
    """Return the patterns without fields, and the others as expressions: those with the most words first."""
    exact = frozenset(one for one in PATTERNS if not _FIELD.search(one))
    others = sorted((one for one in PATTERNS if one not in exact), key=_words, reverse=True)
    return exact, tuple((_expression(one), one) for one in others)


def _words(pattern: str) -> int:
    return len(_FIELD.sub("", pattern))


def _expression(pattern: str) -> re.Pattern[str]:
    parts = _FIELD.split(pattern)
    return re.compile(
        "".join(_group(part) if place % 2 else re.escape(part) for place, part in enumerate(parts)),
        re.DOTALL,
    )


def _group(name: str) -> str:
    """Return the expression of a field: numbers are {n}, {n2}, {n3}."""
    return rf"(?P<{name}>\d[\d.,]*)" if name.rstrip("0123456789") == "n" else f"(?P<{name}>.+?)"
