"""Background: true articles of the corpora, each a story of its own; nothing of them is copied here."""

from datetime import timedelta
from random import Random

from bench import corpora
from bench.stories.reports import DAYS, KINDS, OUTLETS, START, Report

LEAST_CHARACTERS = 400


def background(part: str, count: int) -> list[Report]:
    """Return `count` articles at random times; those of different parts are different. [] without corpora."""
    texts: dict[str, tuple[str, str]] = {}
    for pages in corpora.page_sets(corpora.corpus_folder(), frozenset(), None):
        for case in pages.cases:
            text = case.truth.get("text", "")
            if len(text) >= LEAST_CHARACTERS:
                title = case.truth.get("title") or text.split("\n", 1)[0][:120]
                texts.setdefault(" ".join(text.split())[:LEAST_CHARACTERS], (title, text))
    random = Random(21)
    chosen = random.sample(sorted(texts), min(len(texts), count * len(KINDS)))
    own = chosen[list(KINDS).index(part) :: len(KINDS)]
    return [_report(*texts[key], random) for key in own]


def _report(title: str, text: str, random: Random) -> Report:
    at = START + timedelta(hours=random.uniform(0, DAYS * 24))
    return Report(language="", outlet=random.randrange(OUTLETS), at=at, title=title, text=text)
