"""Comments that only their heading tells: "3 Comments", "Kommentare (12)", "コメント（3件）".

Pages without class names set readers' comments in the same column as the text.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from unabridged.extraction.selection.blocks import Layout
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import estimate_words

LEAST_BESIDE_COMMENTS = 60
"""Minimum words of an article without its comments; with fewer, the comments may be the content."""
LONGEST_HEADING = 40
"""Maximum characters of a heading of comments."""
LONGEST_SIGNATURE = 120
"""Maximum characters of a line with the author and the day of a comment."""
LEAST_SIGNATURES = 2
_WORDS = (
    r"(?:reader |user )?comments?|responses?|replies|reactions?|(?:leser)?kommentare?|leserbriefe"
    r"|commentaires?|comentarios?|comentários?|commenti|commento|reacties|kommentarer|komentarze|komentáře|yorum(?:lar)?"
    r"|комментари(?:й|я|ев|и)|(?:网友|用户|读者|全部|最新|精彩)?(?:评论|留言)|(?:網友|讀者|全部)?(?:評論|留言|回應)"
    r"|コメント|댓글"
)
_HEADING = lazy_regex(
    rf"\W*(?:\d{{1,5}}\s?(?:[条條件个個]\s?)?(?:{_WORDS})(?: (?:to|on|zu|sur|en|su)\b.{{0,30}})?"
    rf"|(?:{_WORDS})\s?[:：]?\s?[(（\[]\s?\d{{1,5}}\s?[条條件个個]?\s?[)）\]]"
    r"|(?:leave|write|post|add) a (?:comment|reply)|(?:einen )?kommentar (?:schreiben|hinterlassen|verfassen)"
    r"|laisser un commentaire|deja un comentario|(?:发表|發表)(?:评论|評論)"
    r"|コメントを(?:残す|書く|投稿する))\W*",
    re.IGNORECASE,
)

_ALONE = lazy_regex(
    r"\W*\d*\W*(?:(?:readers?.? )?comments?|responses?|replies|kommentare?|leserkommentare|commentaires?|"
    r"comentarios?|comentários?|commenti|reacties|комментари[ийев]*|коментарі?|评论|評論|留言|コメント|댓글|"
    r"تعليقات|التعليقات)\W*\d*\W*",
    re.IGNORECASE,
)
"""Headings that may stand without a number where many pages of a site have them. Words that are sub-headings
of articles too, such as "reactions", are none."""


_OF_READERS = lazy_regex(
    r"\W*\d*\W*(?:(?:readers?.? )?comments|(?:leser)?kommentare|commentaires|comentarios|comentários|"
    r"commenti|комментарии|коментарі|留言|コメント|댓글|التعليقات)\W*\d*\W*",
    re.IGNORECASE,
)
"""Heading elements that are of comments wherever they stand: in the plural, no words for an opinion."""
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_SIGNED = lazy_regex(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\d ?(?:days?|months?|years?|hours?) ago\b")


def is_comments_heading(text: str) -> bool:
    """Say whether a line is the heading of the readers' comments, with or without their number."""
    return len(text) <= LONGEST_HEADING and _ALONE.fullmatch(text) is not None


def without_headed_comments(layout: Layout, kept: list[int]) -> list[int]:
    """Return the kept blocks before a heading of comments, kept or not; all of them if little stands before
    it. A page with several heading elements of comments has them below each of its answers."""
    short = (index for index in _span(kept) if len(layout.texts[index]) <= LONGEST_HEADING)
    found = [index for index in short if _heads_comments(layout, index)]
    if sum(_is_of_readers(layout, index) for index in found) > 1:
        found = [index for index in found if not _is_of_readers(layout, index)]
    for index in found:
        place = bisect_left(kept, index)
        headed = _is_heading(layout, index)
        if (headed or index == kept[place]) and _is_article(layout, kept[:place], kept[place:], headed):
            return kept[:place]
    return kept


def _span(kept: Sequence[int]) -> range:
    return range(kept[0] + 1, kept[-1] + 1) if kept else range(0)


def _heads_comments(layout: Layout, index: int) -> bool:
    """Say whether a block is a heading of comments by its words."""
    return _is_of_readers(layout, index) or _HEADING.fullmatch(layout.texts[index]) is not None


def _is_of_readers(layout: Layout, index: int) -> bool:
    return _is_heading(layout, index) and _OF_READERS.fullmatch(layout.texts[index]) is not None


def _is_heading(layout: Layout, index: int) -> bool:
    return layout.tags[layout.homes[index]] in _HEADINGS and not layout.linked[index]


def _is_article(layout: Layout, before: Sequence[int], after: Sequence[int], headed: bool) -> bool:
    """Say whether enough stands before a heading of comments: more than after it, or what comes after a
    heading element is signed."""
    own, rest = (sum(estimate_words(layout.texts[one]) for one in part) for part in (before, after))
    return own >= LEAST_BESIDE_COMMENTS and (own >= rest or (headed and _are_signed(layout, after)))


def _are_signed(layout: Layout, kept: Sequence[int]) -> bool:
    """Say whether several short lines among blocks hold a day or a time, as those do that sign comments."""
    short = (text for index in kept if len(text := layout.texts[index]) <= LONGEST_SIGNATURE)
    return sum(_SIGNED.search(text) is not None for text in short) >= LEAST_SIGNATURES
