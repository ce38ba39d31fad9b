"""An index of near-duplicates of many made articles in a database on disk: time and bytes an article."""

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time

from sqlalchemy import Connection

from unabridged.archive.analysis.copies import candidates, shingles_of
from unabridged.archive.analysis.keys import add_keys
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import metadata
from unabridged.archive.storage.tables_stories import copy_keys
from unabridged.stories.duplicates import BANDS, band_keys

LAST = 2_000
"""Articles at the end that have a text; the keys of those before them are random numbers, as hashes are."""

COPIES = 10
"""One in so many of the last articles is a copy of one of them, with CHANGED of its words replaced."""

CHANGED = 0.03
WORDS = 600
VOCABULARY = 50_000
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What filling gave. bytes_each: of the file. milliseconds: of CPU for one of the last: shingles,
    keys, lookup, writing."""

    articles: int
    bytes_each: float
    milliseconds: float
    copies: int
    found: int


def fill(articles: int, seed: int = 0) -> Filled:
    """Add articles to a new index in transactions of BATCH, and look each of the last up first."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.db"
        db = Database(str(path))
        try:
            db.writing(lambda conn: metadata.create_all(conn, [copy_keys]))
            for start in range(0, articles - LAST, BATCH):
                numbers = range(start, min(start + BATCH, articles - LAST))
                db.writing(partial(_add_random, numbers=numbers, rng=rng))
            texts, originals = made_texts(min(LAST, articles), rng)
            began = process_time()
            found = db.writing(lambda conn: _add_texts(conn, max(0, articles - LAST), texts))
            spent = process_time() - began
        finally:
            db.close()
        size = path.stat().st_size
    hits = sum(originals[place] in near for place, near in enumerate(found) if place in originals)
    return Filled(
        articles=articles,
        bytes_each=size / max(articles, 1),
        milliseconds=spent * 1000 / max(len(texts), 1),
        copies=len(originals),
        found=hits,
    )


def made_texts(count: int, rng: random.Random) -> tuple[list[str], dict[int, int]]:
    """Return texts of WORDS made-up words, and the place of the original of each copy."""
    texts: list[list[str]] = []
    originals: dict[int, int] = {}
    for place in range(count):
        if place % COPIES == COPIES - 1:
            originals[place] = rng.randrange(place // COPIES * COPIES) if place >= COPIES else 0
            words = [_word(rng) if rng.random() < CHANGED else word for word in texts[originals[place]]]
        else:
            words = [_word(rng) for _ in range(WORDS)]
        texts.append(words)
    return [" ".join(words) for words in texts], originals


def _word(rng: random.Random) -> str:
    return f"w{rng.randrange(VOCABULARY)}"


def _add_random(conn: Connection, numbers: Sequence[int], rng: random.Random) -> None:
    for number in numbers:
        add_keys(conn, number, [rng.getrandbits(64) - (1 << 63) for _ in range(BANDS)])


def _add_texts(conn: Connection, first: int, texts: Sequence[str]) -> list[set[int]]:
    """Add texts; return the places of those that share keys with each."""
    found = []
    for place, text in enumerate(texts):
        keys = band_keys(shingles_of(text))
        found.append({number - first for number in candidates(conn, keys)})
        add_keys(conn, first + place, keys)
    return found
