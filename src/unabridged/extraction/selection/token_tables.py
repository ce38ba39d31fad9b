"""Log-odds tables of tokens in classes, ids and openings of texts, learnt on other sites.

A container's class "entry-content" or a short text that begins with "Read more" is strong evidence. A token
enters a table only if several sites use it, so no site's own names are in them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import CJK_LETTER

_PART = lazy_regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[\u0080-\uffff]+")
MAX_CLASS_TOKENS = 16
FIRST_WORDS = 8
MAX_CACHED = 20_000
LONGEST_REMEMBERED = 400
"""Maximum characters of a class string that is cached; a full cache of that length takes at most 10 MB."""
_SIGNS = ".,;!?()[]\"'“”‘’«»…"
_Key = TypeVar("_Key")
LIMIT = 6.0
"""Evidence of one key is clipped to this many log-odds either way."""


def container_tokens(tag: str, key: str, mark: str) -> list[str]:
    """Return the tokens of a container: its tag, the words of its class and id, whole names, other marks."""
    found = [f"<{tag}"]
    for name in key.split()[:MAX_CLASS_TOKENS]:
        found += name_tokens(name)
    found += [f"@{name.lower()}" for name in mark.split()[:6]]
    return found


def name_tokens(name: str) -> list[str]:
    """Return the tokens of one class or id: its words, and the whole name if it has several."""
    parts = [part.lower() for part in _PART.findall(name)[:6]]
    return [*parts, "-".join(parts[:4])] if len(parts) > 1 else parts


def opener_tokens(key: str) -> list[str]:
    """Return the tokens of the inline elements that a block opens with."""
    return list(dict.fromkeys(part.lower() for part in _PART.findall(key)[:MAX_CLASS_TOKENS]))


def word_tokens(text: str) -> list[str]:
    """Return the tokens of a text's opening: first words, the very first marked; pairs of characters for
    Chinese."""
    start = text[:80].casefold()
    if not start.isascii() and CJK_LETTER.search(start[:20]):
        start = start[:14]
        words = [start[place : place + 2] for place in range(len(start) - 1)]
    else:
        words = start.split(None, FIRST_WORDS)[:FIRST_WORDS]
        for place, word in enumerate(words):
            if not word.isalnum():
                words[place] = word.strip(_SIGNS) or word
    if not words:
        return []
    if len(text) >= 40:
        return [f"^{words[0]}", *dict.fromkeys(words)]
    short = "~"
    return list(dict.fromkeys([f"^{short}{words[0]}", *(short + word for word in words)]))


@dataclass(slots=True)
class TokenTables:
    """Log-odds by token, with cached sums by the string they were computed from."""

    containers: Mapping[str, float]
    openers: Mapping[str, float]
    texts: Mapping[str, float]
    _containers: dict[tuple[str, str, str], float] = field(default_factory=dict)
    _names: dict[str, float] = field(default_factory=dict)
    _openers: dict[str, float] = field(default_factory=dict)
    _texts: dict[str, float] = field(default_factory=dict)

    def all_containers(self, tags: Iterable[str], keys: Iterable[str], marks: Iterable[str]) -> list[float]:
        """Return the evidence that the inside of each container belongs to an article."""
        known = self._containers.get
        return [
            found if (found := known(own)) is not None else self._container(own)
            for own in zip(tags, keys, marks, strict=True)
        ]

    def container(self, tag: str, key: str, mark: str) -> float:
        """Return the evidence that the inside of a container belongs to an article."""
        return self.all_containers((tag,), (key,), (mark,))[0]

    def _container(self, own: tuple[str, str, str]) -> float:
        tag, key, mark = own
        found = self.containers.get(f"<{tag}", 0.0)
        known = self._names.get
        for name in key.split()[:MAX_CLASS_TOKENS]:
            weight = known(name)
            found += self._name(name) if weight is None else weight
        if mark:
            for name in mark.split()[:6]:
                found += self.containers.get(f"@{name.lower()}", 0.0)
        found = max(-LIMIT, min(LIMIT, found))
        if len(key) < LONGEST_REMEMBERED:
            _remember(self._containers, own, found)
        return found

    def _name(self, name: str) -> float:
        table = self.containers
        found = sum([table[token] for token in name_tokens(name) if token in table])
        _remember(self._names, name, found)
        return found

    def all_openers(self, keys: Iterable[str]) -> list[float]:
        """Return the evidence of the inline elements that blocks open with."""
        known = self._openers.get
        return [found if (found := known(key)) is not None else self._opener(key) for key in keys]

    def opener(self, key: str) -> float:
        """Return the evidence of the inline elements that a block opens with."""
        return self.all_openers((key,))[0]

    def _opener(self, key: str) -> float:
        found = _sum(self.openers, opener_tokens(key)) if key else self.openers.get("", 0.0)
        if len(key) < LONGEST_REMEMBERED:
            _remember(self._openers, key, found)
        return found

    def all_words(self, texts: Iterable[str]) -> list[float]:
        """Return the evidence of the first words of texts. Short texts repeat from page to page and are
        cached."""
        known = self._texts.get
        return [found if (found := known(text)) is not None else self._words(text) for text in texts]

    def words(self, text: str) -> float:
        """Return the evidence of a text's first words."""
        return self.all_words((text,))[0]

    def _words(self, text: str) -> float:
        found = _sum(self.texts, word_tokens(text))
        if len(text) <= 60:
            _remember(self._texts, text, found)
        return found


def _sum(table: Mapping[str, float], tokens: list[str]) -> float:
    total = sum([table[token] for token in tokens if token in table])
    return max(-LIMIT, min(LIMIT, total))


def _remember(cache: dict[_Key, float], key: _Key, value: float) -> None:
    if len(cache) >= MAX_CACHED:
        cache.clear()
    cache[key] = value
