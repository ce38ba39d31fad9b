"""Comments that only their heading tells: "3 Comments", "Kommentare (12)", "コメント（3件）".

Pages without class names set readers' comments in the same column as the text.
"""

import re

from unabridged.extraction.selection.blocks import Layout
from unabridged.text.words import estimate_words

LEAST_BESIDE_COMMENTS = 60
"""Minimum words of an article without its comments; with fewer, the comments may be the content."""
LONGEST_HEADING = 40
"""Maximum characters of a heading of comments."""
_WORDS = (
    r"(?:reader |user )?comments?|responses?|replies|reactions?|(?:leser)?kommentare?|leserbriefe"
    r"|commentaires?|comentarios?|comentários?|commenti|commento|reacties|kommentarer|komentarze|komentáře|yorum(?:lar)?"
    r"|комментари(?:й|я|ев|и)|(?:网友|用户|读者|全部|最新|精彩)?(?:评论|留言)|(?:網友|讀者|全部)?(?:評論|留言|回應)"
    r"|コメント|댓글"
)
_HEADING = re.compile(
    rf"\W*(?:\d{{1,5}}\s?(?:[条條件个個]\s?)?(?:{_WORDS})(?: (?:to|on|zu|sur|en|su)\b.{{0,30}})?"
    rf"|(?:{_WORDS})\s?[:：]?\s?[(（\[]\s?\d{{1,5}}\s?[条條件个個]?\s?[)）\]]"
    r"|(?:leave|write|post|add) a (?:comment|reply)|(?:einen )?kommentar (?:schreiben|hinterlassen|verfassen)"
    r"|laisser un commentaire|deja un comentario|(?:发表|發表)(?:评论|評論)"
    r"|コメントを(?:残す|書く|投稿する))\W*",
    re.IGNORECASE,
)

_ALONE = re.compile(
    r"\W*\d*\W*(?:(?:readers?.? )?comments?|responses?|replies|kommentare?|leserkommentare|commentaires?|"
    r"comentarios?|comentários?|commenti|reacties|комментари[ийев]*|коментарі?|评论|評論|留言|コメント|댓글|"
    r"تعليقات|التعليقات)\W*\d*\W*",
    re.IGNORECASE,
)
"""Headings that may stand without a number where many pages of a site have them. Words that are sub-headings
of articles too, such as "reactions", are none."""


def is_comments_heading(text: str) -> bool:
    """Say whether a line is the heading of the readers' comments, with or without their number."""
    return len(text) <= LONGEST_HEADING and _ALONE.fullmatch(text) is not None


def without_headed_comments(layout: Layout, kept: list[int]) -> list[int]:
    """Return the kept blocks before a heading of comments; all of them if little stands before it."""
    for place, index in enumerate(kept):
        text = layout.texts[index]
        if len(text) > LONGEST_HEADING or not _HEADING.fullmatch(text):
            continue
        before = sum(estimate_words(layout.texts[one]) for one in kept[:place])
        after = sum(estimate_words(layout.texts[one]) for one in kept[place:])
        if before >= max(LEAST_BESIDE_COMMENTS, after):
            return kept[:place]
    return kept
