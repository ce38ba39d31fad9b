"""What a new look at an article means: a new version, the same one, or a worse one to be refused.

Pure: two articles in, a decision out. The store applies it.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from unabridged.archive.articles.text_compare import lasting_text, telling_words, tokens
from unabridged.archive.records.core import ChangeKind
from unabridged.archive.records.encoding import encode
from unabridged.archive.records.library import ReplayKind, ReplayVerdict
from unabridged.archive.storage.identity import digest
from unabridged.model import Article
from unabridged.text.words import count_words

CUT_SHARE = 0.6
"""Less than this share of the words, and nothing new among them: half an answer, not an edit."""

STRANGER_SHARE = 0.15
"""With less than this share of words in common another page answers at the address."""

REPLAYED_SHARE = 0.8
"""A re-extraction that keeps less than this share of the words, and adds none, is taken only when asked
for: rules that strip furniture do that, and so do broken ones."""

SAME_SHARE = 0.9
"""Two whole texts with this share of the longer one's words and marks in common are one story."""

LEAST_SAME = 60
"""Words and marks that a text must have before that is said of it: a notice may stand under many articles."""

GIVEN_BYTES = 16
"""Length of `given_hash`; `words_hash` has 32."""

LEAST_TELLING = 8
"""Telling words that a feed's text must have before a page is compared with it."""

REPLAYED_FIELDS: Mapping[ReplayKind, tuple[str, ...]] = {
    "head": ("title", "authors", "published", "language", "section", "summary"),
    "body": ("text", "body", "markdown", "lead_image", "media", "links", "tags", "completeness"),
}
"""The fields that a reader sees, beside the words of the text, by kind of change."""

_RANK = {"full": 2, "truncated": 1, "paywalled": 1, "blocked": 0, "not_an_article": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a new look, with the reason in words."""

    kind: ChangeKind
    reason: str


def given_hash(article: Article) -> bytes:
    """A fingerprint of title, byline and text as they are: a tenth of the work of `words_hash`."""
    return digest("given", article.title, *article.authors, "", article.text)


def words_hash(article: Article) -> bytes:
    """A fingerprint of title, byline and lasting text: equal when no word changed."""
    parts = (lasting_text(article.title), *article.authors, "", lasting_text(article.text))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).digest()


def decide(previous: Article | None, current: Article) -> Decision:
    """Say what a new look at an article's page is, given the version we have.

    White space, markup, advertisements, counters and relative times make no version; a changed
    word in title, byline or text does. Worse is: empty, blocked, cut off, or another page's text.
    """
    if previous is None:
        return Decision(kind="new", reason=f"first version, {count_words(current.text)} words")
    before, after = lasting_text(previous.text), lasting_text(current.text)
    old = tokens(before)
    new = old if before == after else tokens(after)
    trouble = _worse(previous, current, old, new)
    if trouble is not None:
        return Decision(kind="worse", reason=trouble)
    if old == new:
        return _decide_head(previous, current)
    return Decision(kind="changed", reason=_difference(old, new))


def decide_first_page(feed_text: Article | None, current: Article) -> Decision:
    """Say whether the first reading of a page is better than the feed's own text."""
    if feed_text is None:
        return decide(None, current)
    had, got = count_words(feed_text.text), count_words(current.text)
    if got == 0 and had:
        return Decision(kind="worse", reason=_named(current, "the page gave no text"))
    if _RANK[current.completeness.kind] == 0:
        return Decision(kind="worse", reason=_named(current, "the page is not the article"))
    if got < had * CUT_SHARE or (_RANK[current.completeness.kind] == 1 and got <= had):
        return Decision(kind="worse", reason=_named(current, f"the feed gives {had} words, the page {got}"))
    if _is_stranger(feed_text, current):
        return Decision(kind="worse", reason="another page's text: it shares no telling word with the feed's")
    return Decision(kind="new", reason=f"read whole: {got} words, {had} in the feed")


def decide_replay(previous: Article, current: Article, *, shorter: bool = False) -> ReplayVerdict:
    """Say what a re-extraction of the page that `previous` was made of is.

    Worse is all that is worse in a publisher's page, and a title, by-line or date that is lost; without
    `shorter` also the loss of a fifth of the words.
    """
    if encode(previous) == encode(current):
        return ReplayVerdict(kind="same", reason="nothing differs")
    old, new = tokens(lasting_text(previous.text)), tokens(lasting_text(current.text))
    trouble = _worse(previous, current, old, new) or _loses(previous, current)
    if trouble is None and not shorter and len(new) < len(old) * REPLAYED_SHARE:
        trouble = f"{len(new)} words and marks instead of {len(old)}"
    differing = _differing(old, new)
    if trouble is not None:
        return ReplayVerdict(kind="worse", reason=trouble, words=differing)
    if old != new:
        return ReplayVerdict(kind="text", reason=_difference(old, new), words=differing)
    return _replayed_rest(previous, current)


def _loses(previous: Article, current: Article) -> str | None:
    for name in ("title", "authors", "published"):
        if getattr(previous, name) and not getattr(current, name):
            return f"it finds no {name} any more"
    return None


def _replayed_rest(previous: Article, current: Article) -> ReplayVerdict:
    for kind, names in REPLAYED_FIELDS.items():
        differing = [name for name in names if getattr(previous, name) != getattr(current, name)]
        if differing:
            return ReplayVerdict(kind=kind, reason=f"another {', '.join(differing)}", words=0)
    return ReplayVerdict(kind="details", reason="other notes on where its fields come from")


def _differing(old: list[str], new: list[str]) -> int:
    return max(len(old), len(new)) - _common(old, new)


def _is_stranger(feed_text: Article, current: Article) -> bool:
    """Whether a page speaks of nothing that the feed speaks of: a consent page, a log-in, an error.

    An entry with too few words of its own to judge by is never a reason to refuse a page.
    """
    title, teaser = telling_words(feed_text.title), telling_words(feed_text.text)
    if len(teaser) < LEAST_TELLING:
        return False
    page = telling_words(f"{current.title} {current.text}")
    return all(len(words & page) < STRANGER_SHARE * len(words) for words in (title, teaser) if words)


def is_same_story(one: Article, two: Article) -> bool:
    """Whether two articles are one, whatever addresses they have: both whole, in the same words."""
    if {one.completeness.kind, two.completeness.kind} != {"full"}:
        return False
    titles = telling_words(one.title), telling_words(two.title)
    if len(titles[0] & titles[1]) < SAME_SHARE / 2 * min(map(len, titles)):
        return False
    texts = tokens(lasting_text(one.text)), tokens(lasting_text(two.text))
    longer = max(map(len, texts))
    return min(map(len, texts)) >= LEAST_SAME and _common(*texts) >= SAME_SHARE * longer


def _worse(previous: Article, current: Article, old: list[str], new: list[str]) -> str | None:
    if not new:
        return _named(current, "no text") if old else None
    rank, had = _RANK[current.completeness.kind], _RANK[previous.completeness.kind]
    if rank == 0 and had > 0:
        return _named(current, "the page is not the article")
    if rank < had and len(new) < len(old):
        return _named(current, f"{len(new)} words and marks instead of {len(old)}")
    common = _common(old, new)
    if len(new) < len(old) * CUT_SHARE and common >= 0.9 * len(new):
        return f"cut off: {len(new)} of {len(old)} words and marks, nothing new among them"
    if old and common < STRANGER_SHARE * min(len(old), len(new)) and previous.title != current.title:
        return "another page's text: hardly a word in common with what was there"
    if len(new) < len(old) / 2 and common < len(new) / 2:
        return "another page's text: shorter, and most of it unknown to the article"
    return None


def _named(current: Article, what: str) -> str:
    kind = current.completeness.kind
    evidence = "; ".join(current.completeness.evidence[:3])
    stated = "" if kind == "full" else f" ({kind}{': ' + evidence if evidence else ''})"
    return what + stated


def _decide_head(previous: Article, current: Article) -> Decision:
    if current.title and tokens(previous.title) != tokens(current.title):
        return Decision(kind="changed", reason=f"headline: {previous.title!r} → {current.title!r}")
    if current.authors and previous.authors and set(previous.authors) != set(current.authors):
        was, now = ", ".join(previous.authors), ", ".join(current.authors)
        return Decision(kind="changed", reason=f"byline: {was!r} → {now!r}")
    if _RANK[current.completeness.kind] > _RANK[previous.completeness.kind]:
        return Decision(kind="changed", reason=f"{previous.completeness.kind} → {current.completeness.kind}")
    return Decision(kind="same", reason="no word changed")


def _common(old: list[str], new: list[str]) -> int:
    return sum((Counter(old) & Counter(new)).values())


def _difference(old: list[str], new: list[str]) -> str:
    before, after = Counter(old), Counter(new)
    added, removed = sum((after - before).values()), sum((before - after).values())
    if not added and not removed:
        return "the same words in another order"
    return f"{added} words and marks added, {removed} removed, {len(old)} before"
