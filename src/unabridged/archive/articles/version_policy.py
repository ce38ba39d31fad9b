"""Policy for new versions: compares two articles and says new, changed, same or worse (refused).

Pure functions: the caller applies the decision.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from unabridged.archive.articles.text_compare import comparison_tokens, distinctive_words, stable_text
from unabridged.archive.records.core import ChangeKind
from unabridged.archive.records.encoding import encode
from unabridged.archive.records.library import ReplayKind, ReplayVerdict
from unabridged.archive.storage.identity import digest
from unabridged.model import Article
from unabridged.text.words import count_words

TRUNCATED_SHARE = 0.6
"""A text with less than this share of the former words, and no new ones, is truncated, not edited."""

MIN_OVERLAP = 0.15
"""With less than this share of words in common, another page answers at the address."""

MIN_REPLAY_SHARE = 0.8
"""A re-extraction that keeps less than this share of the words is saved only on request: rules that strip
boilerplate shorten a text, and so do broken ones."""

SAME_STORY_SHARE = 0.9
"""Two full texts that share this part of the longer one's tokens are one story."""

MIN_STORY_TOKENS = 60
"""Tokens that both texts need for that comparison: many articles may consist of one and the same notice."""

RAW_HASH_BYTES = 16
"""Length of `raw_text_hash`; `stable_text_hash` has 32."""

MIN_DISTINCTIVE_WORDS = 8
"""Distinctive words that a feed's text needs before a page is compared with it."""

COMPARED_FIELDS: Mapping[ReplayKind, tuple[str, ...]] = {
    "head": ("title", "authors", "published", "language", "section", "summary"),
    "body": ("text", "html", "markdown", "lead_image", "media", "links", "tags", "completeness"),
}
"""Visible fields other than the words of the text, by kind of change."""

RANK = {
    "full": 2, "live_blog": 2, "truncated": 1, "paywalled": 1, "blocked": 0, "consent_wall": 0,
    "not_an_article": 0,
}  # fmt: skip
"""Completeness -> its rank: how much of an article a page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Kind of change that a fetched or imported article brings, and the reason in words."""

    kind: ChangeKind
    reason: str


def raw_text_hash(article: Article) -> bytes:
    """Hash title, authors and text as they are: a tenth of the work of `stable_text_hash`."""
    return digest("given", article.title, *article.authors, "", article.text)


def stable_text_hash(article: Article) -> bytes:
    """Hash title, authors and stable text; equal hashes mean that no word changed."""
    parts = (stable_text(article.title), *article.authors, "", stable_text(article.text))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).digest()


def classify_change(previous: Article | None, current: Article) -> Decision:
    """Compare an article's page with the current version: new, changed, same or worse.

    White space, markup, advertisements, counters and relative times make no version; a changed
    word in title, authors or text does. Worse: empty, blocked, truncated, or another page's text.
    """
    if previous is None:
        return Decision(kind="new", reason=f"first version, {count_words(current.text)} words")
    before, after = stable_text(previous.text), stable_text(current.text)
    old = comparison_tokens(before)
    new = old if before == after else comparison_tokens(after)
    regression = _regression(previous, current, old, new)
    if regression is not None:
        return Decision(kind="worse", reason=regression)
    if old == new:
        return _classify_head(previous, current)
    return Decision(kind="changed", reason=_describe_difference(old, new))


def decide_first_page(feed_text: Article | None, current: Article) -> Decision:
    """Compare the first version of a page with the feed's own text: new (better) or worse."""
    if feed_text is None:
        return classify_change(None, current)
    had, got = count_words(feed_text.text), count_words(current.text)
    if got == 0 and had:
        return Decision(kind="worse", reason=_with_completeness(current, "the page gave no text"))
    if RANK[current.completeness.kind] == 0:
        return Decision(kind="worse", reason=_with_completeness(current, "the page is not the article"))
    if got < had * TRUNCATED_SHARE or (RANK[current.completeness.kind] == 1 and got <= had):
        return Decision(
            kind="worse", reason=_with_completeness(current, f"the feed gives {had} words, the page {got}")
        )
    if _is_unrelated_page(feed_text, current):
        return Decision(kind="worse", reason="another page's text: hardly a distinctive word of the feed's")
    return Decision(kind="new", reason=f"full text: {got} words, {had} in the feed")


def decide_replay(previous: Article, current: Article, *, shorter: bool = False) -> ReplayVerdict:
    """Compare a re-extraction with the version extracted from the same page before.

    Worse: whatever makes a publisher's page worse, and a lost title, author or date; without `shorter` also
    the loss of a fifth of the words.
    """
    if encode(previous) == encode(current):
        return ReplayVerdict(kind="same", reason="nothing differs")
    old, new = comparison_tokens(stable_text(previous.text)), comparison_tokens(stable_text(current.text))
    regression = _regression(previous, current, old, new) or _lost_field(previous, current)
    if regression is None and not shorter and len(new) < len(old) * MIN_REPLAY_SHARE:
        regression = f"{len(new)} words and marks instead of {len(old)}"
    differing = _count_differing(old, new)
    if regression is not None:
        return ReplayVerdict(kind="worse", reason=regression, words=differing)
    if old != new:
        return ReplayVerdict(kind="text", reason=_describe_difference(old, new), words=differing)
    return _compare_fields(previous, current)


def _lost_field(previous: Article, current: Article) -> str | None:
    for name in ("title", "authors", "published"):
        if getattr(previous, name) and not getattr(current, name):
            return f"{name} no longer found"
    return None


def _compare_fields(previous: Article, current: Article) -> ReplayVerdict:
    for kind, names in COMPARED_FIELDS.items():
        differing = [name for name in names if getattr(previous, name) != getattr(current, name)]
        if differing:
            return ReplayVerdict(kind=kind, reason=f"changed: {', '.join(differing)}", words=0)
    return ReplayVerdict(kind="details", reason="only the notes on where fields come from changed")


def _count_differing(old: list[str], new: list[str]) -> int:
    return max(len(old), len(new)) - _count_common(old, new)


def _is_unrelated_page(feed_text: Article, current: Article) -> bool:
    """Say whether a page has hardly a word of the feed's text: a consent page, a log-in form, an error.

    A page is never refused because of an entry with too few words to compare.
    """
    title, teaser = distinctive_words(feed_text.title), distinctive_words(feed_text.text)
    if len(teaser) < MIN_DISTINCTIVE_WORDS:
        return False
    page = distinctive_words(f"{current.title} {current.text}")
    return all(len(words & page) < MIN_OVERLAP * len(words) for words in (title, teaser) if words)


def is_same_story(one: Article, two: Article) -> bool:
    """Say whether two articles are the same story under two addresses: both full, in the same words."""
    if {one.completeness.kind, two.completeness.kind} != {"full"}:
        return False
    titles = distinctive_words(one.title), distinctive_words(two.title)
    if len(titles[0] & titles[1]) < SAME_STORY_SHARE / 2 * min(map(len, titles)):
        return False
    texts = comparison_tokens(stable_text(one.text)), comparison_tokens(stable_text(two.text))
    longer = max(map(len, texts))
    return min(map(len, texts)) >= MIN_STORY_TOKENS and _count_common(*texts) >= SAME_STORY_SHARE * longer


def _regression(previous: Article, current: Article, old: list[str], new: list[str]) -> str | None:
    if not new:
        return _with_completeness(current, "no text") if old else None
    rank, had = RANK[current.completeness.kind], RANK[previous.completeness.kind]
    if rank == 0 and had > 0:
        return _with_completeness(current, "the page is not the article")
    if rank < had and len(new) < len(old):
        return _with_completeness(current, f"{len(new)} words and marks instead of {len(old)}")
    common = _count_common(old, new)
    if len(new) < len(old) * TRUNCATED_SHARE and common >= 0.9 * len(new):
        return f"cut off: {len(new)} of {len(old)} words and marks, none of them new"
    if old and common < MIN_OVERLAP * min(len(old), len(new)) and previous.title != current.title:
        return "another page's text: hardly a word in common with the stored text"
    if len(new) < len(old) / 2 and common < len(new) / 2:
        return "another page's text: shorter, and most of its words are new"
    return None


def _with_completeness(current: Article, what: str) -> str:
    kind = current.completeness.kind
    evidence = "; ".join(current.completeness.evidence[:3])
    stated = "" if kind == "full" else f" ({kind}{': ' + evidence if evidence else ''})"
    return what + stated


def _classify_head(previous: Article, current: Article) -> Decision:
    if current.title and comparison_tokens(previous.title) != comparison_tokens(current.title):
        return Decision(kind="changed", reason=f"headline: {previous.title!r} → {current.title!r}")
    if current.authors and previous.authors and set(previous.authors) != set(current.authors):
        was, now = ", ".join(previous.authors), ", ".join(current.authors)
        return Decision(kind="changed", reason=f"byline: {was!r} → {now!r}")
    if RANK[current.completeness.kind] > RANK[previous.completeness.kind]:
        return Decision(kind="changed", reason=f"{previous.completeness.kind} → {current.completeness.kind}")
    return Decision(kind="same", reason="no word changed")


def _count_common(old: list[str], new: list[str]) -> int:
    return sum((Counter(old) & Counter(new)).values())


def _describe_difference(old: list[str], new: list[str]) -> str:
    before, after = Counter(old), Counter(new)
    added, removed = sum((after - before).values()), sum((before - after).values())
    if not added and not removed:
        return "the same words in another order"
    return f"{added} words and marks added, {removed} removed, {len(old)} before"
