"""The labelled sentences: ideas with places for names, filled from pools of names into sentences.jsonl.

    python -m bench.attribution.made      # writes sentences.jsonl again

A line of `dev_ideas.txt`, `test_ideas.txt` and so on is a pool (`en A = Reuters; the BBC`) or an
idea (`en > … [A:report] …`). `[A:report]` is a name of the pool that is credited, its relation behind the
colon; `[B:cites<A]` one that was taken from A; `[=Kedah Gazette:report]` a name that stands in the idea;
`[A]` one that is named and not credited. The parts share no idea; docs/why/attribution.md says how each
was used.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
SENTENCES = FOLDER / "sentences.jsonl"
PARTS = ("dev", "test", "second", "third")
FILLINGS = 5
"""Sentences made of an idea with a pool's name."""
_SLOT = re.compile(r"\[(?P<name>=?[^\]:]+?)(?::(?P<relation>[a-z]+)(?:<(?P<parent>[A-Z]))?)?\]")

_ARTICLES = ("the ", "la ", "le ", "el ", "l'")
"""Beginnings of names that are written large at the beginning of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A source that a sentence credits."""

    name: str
    relation: str
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A labelled sentence."""

    id: str
    language: str
    part: str
    text: str
    credits: tuple[Credit, ...]


def made_sentences(part: str) -> Iterator[Sentence]:
    """Yield the sentences of a part from its ideas."""
    pools: dict[tuple[str, str], list[str]] = {}
    number, seen = 0, set[str]()
    for line in (FOLDER / f"{part}_ideas.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        language, rest = line.split(" ", 1)
        if not rest.startswith("> "):
            name, _, names = rest.partition(" = ")
            pools[language, name] = names.split("; ")
            continue
        number += 1
        for turn in range(FILLINGS):
            filled = _filled(
                rest[2:], {name: one for (code, name), one in pools.items() if code == language}, turn
            )
            if filled[0] not in seen:
                seen.add(filled[0])
                name = f"{language}-{part}-{number}-{turn}"
                yield Sentence(id=name, language=language, part=part, text=filled[0], credits=filled[1])


def _filled(idea: str, pools: dict[str, list[str]], turn: int) -> tuple[str, tuple[Credit, ...]]:
    """Return an idea's text and credits with the names of one turn, each pool's from another place."""
    names: dict[str, str] = {}

    def name_of(slot: str) -> str:
        if slot.startswith("="):
            return slot[1:]
        return names.setdefault(slot, pools[slot][(turn + len(names)) % len(pools[slot])])

    credits = []
    for slot in _SLOT.finditer(idea):
        name, relation, parent = name_of(slot["name"]), slot["relation"], slot["parent"]
        if relation:
            credits.append(Credit(name=name, relation=relation, parent=name_of(parent) if parent else None))
    text = _SLOT.sub(lambda slot: name_of(slot["name"]), idea)
    return text[:1].upper() + text[1:] if text.startswith(_ARTICLES) else text, tuple(credits)


def sentences(part: str) -> tuple[Sentence, ...]:
    """Return the sentences of a part as published."""
    rows = (json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines())
    return tuple(
        Sentence(**{**row, "credits": tuple(Credit(**one) for one in row["credits"])})
        for row in rows
        if row["part"] == part
    )


def as_lines() -> str:
    """Return all sentences as JSON lines."""
    rows = (asdict(one) for part in PARTS for one in made_sentences(part))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    SENTENCES.write_text(as_lines(), encoding="utf-8")
