"""What a new look at an article means: a new version, the same one, or a worse one to be refused.

Pure: two articles in, a decision out. The store applies it.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass

from unabridged.archive.records import ChangeKind
from unabridged.model import Article

CUT_SHARE = 0.6
"""Less than this share of the words, and nothing new among them: half an answer, not an edit."""

STRANGER_SHARE = 0.15
"""With less than this share of words in common another page answers at the address."""

SHORT_BLOCK = 15
"""Words up to which a block may be a date line, a counter or an advertisement's label."""

_RANK = {"full": 2, "truncated": 1, "paywalled": 1, "blocked": 0, "not_an_article": 0}

_TOKENS = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_]+(?:[.,'][^\W_]+)*|[^\w\s]|_"
)
_WORD = re.compile(r"[^\W_]")
_TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u2011": "-", "\xad": ""}
)

_RELATIVE_TIME = re.compile(
    r"""\b(?:\d+|an?|one|few)\s*(?:s|sec|min|hr?|d|second|minute|hour|day|week|month|year)s?\.?\s+ago\b|\bjust\ now\b
    | \bvor\s+(?:\d+|ein\w*)\s+\w+ | \bil\ y\ a\s+\d+\s+\w+ | \bhace\s+\d+\s+\w+ | \bhá\s+\d+\s+\w+ | \d+\s+\w+\s+fa\b
    | \d+\s+\w+\s+(?:назад|тому|geleden|temu|sedan|siden|sitten|önce|पहले|trước) | \bfør\s+\d+ | \bfor\s+\d+\s+\w+\s+siden
    | \bпред(?:и)?\s+\d+\s+\w+ | \d+\s+\w+\s+(?:yang\ )?lalu\b | (?:منذ|قبل)\s+\d*\s*\w+ | לפני\s+\d*\s*\w+
    | \d+\s*(?:秒|分|分钟|分鐘|小时|小時|時間|天|日|周|週|个月|個月|年)(?:以)?前 | (?:刚刚|剛剛|刚才) | \d+\s*(?:초|분|시간|일|주|개월|년)\s*전
    | \d+\s*\S+ที่แล้ว""",
    re.IGNORECASE | re.VERBOSE,
)
_LABELS = re.compile(
    r"(?:advertisement|advertising|sponsored|promoted|ad\b|anzeige|werbung|publicit[éà]|publicidad|publicidade|pubblicità|"
    r"advertentie|annons|annonse|reklama?|mainos|реклама|διαφήμιση|广告|廣告|広告|スポンサー|광고|إعلان|โฆษณา|iklan|quảng cáo)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:shares?|comments?|views?|likes?|reads?|reactions?|retweets?|followers?|kommentare?|commentaires?|comentarios?|"
    r"commenti|reacties|комментари\w*|просмотр\w*)\b|评论|評論|阅读|閱讀|浏览|瀏覽|点赞|點讚|分享|转发|轉發|コメント|閲覧|댓글|조회",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d.,]*\s?[kKmM万萬億亿]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a new look, with the reason in words."""

    kind: ChangeKind
    reason: str


def tokens(text: str) -> list[str]:
    """The words and marks of a text: letters of Han and kana one by one, quotes and dashes levelled."""
    return _TOKENS.findall(text.translate(_TYPOGRAPHY))


def count_words(text: str) -> int:
    """How many words; a Han or kana letter counts as one."""
    return sum(1 for token in _TOKENS.findall(text) if _WORD.match(token))


def lasting_tokens(text: str) -> list[str]:
    """The tokens of a text without what changes by itself: relative times, counters, advertisements."""
    found: list[str] = []
    for block in text.splitlines():
        part = tokens(block)
        if 0 < len(part) <= SHORT_BLOCK:
            part = _lasting_short(block)
        found += part
    return found


def _lasting_short(block: str) -> list[str]:
    if _LABELS.match(block.strip(" \t-–—:[]()")):
        return []
    block = _RELATIVE_TIME.sub(" ", block)
    if _COUNTED.search(block):
        block = _DIGITS.sub(" ", block)
    return tokens(block)


def words_hash(article: Article) -> bytes:
    """A fingerprint of title, byline and lasting text: equal when no word changed."""
    parts = [*tokens(article.title), "\n", *article.authors, "\n", *lasting_tokens(article.text)]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).digest()


def decide(previous: Article | None, current: Article) -> Decision:
    """Say what a new look at an article's page is, given the version we have.

    White space, markup, advertisements, counters and relative times make no version; a changed
    word in title, byline or text does. Worse is: empty, blocked, cut off, or another page's text.
    """
    if previous is None:
        return Decision(kind="new", reason=f"first version, {count_words(current.text)} words")
    old, new = lasting_tokens(previous.text), lasting_tokens(current.text)
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
    return Decision(kind="new", reason=f"read whole: {got} words, {had} in the feed")


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
