"""Sentences of a text, in the eight languages of attributions."""

import re
from collections.abc import Iterator

_END = re.compile(
    r"[.!?…]{1,3}[\"”»“’)\]]{0,3}[ \u00a0](?=[\"“«„—–(\[]{0,2} ?[A-ZÀ-ÞА-ЯЁ0-9\u0621-\u064a])"
    r"|[。！？]{1,3}[\"”」』）》]{0,3}(?!$)|\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-zА-ЯЁ]|Mr|Mrs|Ms|Dr|St|Sen|Gov|Rep|Gen|Col|Lt|Prof|No|Inc|Co|Corp|Ltd|vs|Jan|Feb|Aug|Sept?"
    r"|Oct|Nov|Dec|bzw|ca|Nr|Hr|Fr|Mio|Mrd|Mme|Mlle|Sra?|Dra?|ул|им|гг|млн|млрд|тыс|руб|см)|[A-Za-z]\.[A-Za-z])$"
)
LONGEST = 1200
"""Characters of a sentence; a longer one is cut."""


def sentences(text: str, start: int = 0) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, first) of each sentence: places in the text, and whether it begins a paragraph.

    start: where a paragraph begins, to pass over those before it.
    """
    first = True
    for end in _END.finditer(text, start):
        line = end.group() == "\n"
        if (
            not line
            and end.group()[0] == "."
            and _ABBREVIATION.search(text, max(start, end.start() - 6), end.start())
        ):
            continue
        yield from _pieces(start, end.end(), first)
        start, first = end.end(), line
    yield from _pieces(start, len(text), first)


def _pieces(start: int, end: int, first: bool) -> Iterator[tuple[int, int, bool]]:
    for place in range(start, end, LONGEST):
        yield place, min(end, place + LONGEST), first and place == start
