"""Truth about one published article, and the comparison of an extracted article with it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from typing import Any, Final

from unabridged.errors import ConfigError
from unabridged.model import Article
from unabridged.text.scripts import COMPATIBLE_HAN_AND_KANA

MISSING_RUN: Final = 3
"""A run of this many tokens of the true text that the article lacks makes it incomplete."""

MISSING_SHARE: Final = 0.005
"""So does a larger share than this of single missing tokens (a mark read otherwise, a broken word)."""

EXTRA_SHARE: Final = 0.03
"""More than this share of tokens that are not in the true text counts as furniture."""

EXTRA_FEW: Final = 6
"""This many extra tokens are never counted as furniture: "Read more", a picture's number."""

SHOWN_WORDS: Final = 16
"""As much of a missing or extra run is shown to people."""

_TOKEN = re.compile(rf"[{COMPATIBLE_HAN_AND_KANA}]|[^\W_{COMPATIBLE_HAN_AND_KANA}]+")
_QUOTES = str.maketrans({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " ", 0x202F: " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Expected result for one page.

    url: the page's path on its site. text: blocks separated by blank lines, None where not examined;
    empty where the page shows no article at all. authors, title, published, lead_image: None where not
    examined. published: ISO 8601 as written: a day, or an instant with or without its offset.
    lead_image: addresses any of which is right. without: snippets of furniture that may not appear.
    optional: parts of the page that may be kept or left out (a picture's caption).
    """

    url: str
    text: str | None = None
    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: str | None = None
    lead_image: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    completeness: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Comparison of an article with its truth. A field is None if the truth does not state it.

    missing, extra: how many words of the true text lack, how many are not in it; lost, added: the
    longest run of each. furniture: the snippets that appeared. remarks: what else is wrong, in words.
    """

    url: str
    text: bool | None = None
    clean: bool | None = None
    title: bool | None = None
    authors: bool | None = None
    published: bool | None = None
    lead_image: bool | None = None
    missing: int = 0
    extra: int = 0
    lost: str = ""
    added: str = ""
    furniture: tuple[str, ...] = ()
    remarks: tuple[str, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Say if nothing that was compared is wrong."""
        marks = (self.text, self.clean, self.title, self.authors, self.published, self.lead_image)
        return False not in marks and not self.remarks


def truth_from_json(said: Mapping[str, Any], where: str) -> Truth:
    """A truth from its JSON object. Raises ConfigError naming `where` when a value has the wrong type."""
    try:
        return Truth(
            url=said["url"],
            text=said.get("text"),
            title=said.get("title"),
            authors=_strings(said.get("authors")),
            published=_moment(said.get("published", said.get("date"))),
            lead_image=_strings(said.get("lead_image")),
            without=_strings(said.get("without")) or (),
            optional=_strings(said.get("optional")) or (),
            completeness=said.get("completeness"),
        )
    except (TypeError, ValueError) as exc:
        raise ConfigError(f"{where} is no truth of an article: {exc}.") from exc


def _strings(value: Any) -> tuple[str, ...] | None:
    """A string or a list of strings as a tuple; an empty string is an empty tuple, null is None."""
    if value is None:
        return None
    values = ([value] if value else []) if isinstance(value, str) else list(value)
    if not all(isinstance(item, str) for item in values):
        raise TypeError(f"expected text or a list of texts, found {value!r}")
    return tuple(values)


def _moment(value: Any) -> str | None:
    if value is None:
        return None
    datetime.fromisoformat(value)
    return str(value)


def compare(truth: Truth, article: Article) -> Verdict:
    """Say in what an article differs from its truth."""
    found = _Differences()
    if truth.text is not None:
        found = _word_differences(truth.text, article.text, truth.optional)
    total = max(1, len(tokens(truth.text or "")))
    squeezed = _squeeze(article.text)
    furniture = tuple(snippet for snippet in truth.without if _squeeze(snippet) in squeezed)
    complete = len(found.lost) < MISSING_RUN and found.missing <= total * MISSING_SHARE + 1
    clean = not furniture and (truth.text is None or found.extra <= max(EXTRA_FEW, total * EXTRA_SHARE))
    return Verdict(
        url=article.url,
        text=None if truth.text is None else complete,
        clean=clean,
        title=None if truth.title is None else plain(truth.title) == plain(article.title),
        authors=None if truth.authors is None else _people(truth.authors) == _people(article.authors),
        published=None if truth.published is None else same_moment(truth.published, article.published),
        lead_image=None if truth.lead_image is None else _same_image(truth.lead_image, article.lead_image),
        missing=found.missing,
        extra=found.extra,
        lost=_shown(found.lost),
        added=_shown(found.added),
        furniture=furniture,
        remarks=_completeness_remarks(truth, article),
    )


def _completeness_remarks(truth: Truth, article: Article) -> tuple[str, ...]:
    found = article.completeness.kind
    if truth.completeness is None or truth.completeness == found:
        return ()
    return (f"completeness is {found}, not {truth.completeness}",)


def tokens(text: str) -> list[str]:
    """Words, folded; every ideograph and kana is one."""
    return _TOKEN.findall(plain(text))


def plain(text: str) -> str:
    """Width, case, quotation marks and white space folded away."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().split())


def _squeeze(text: str) -> str:
    return plain(text).replace(" ", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Differences:
    """Tokens missing and extra, counted, and the longest run of each."""

    missing: int = 0
    extra: int = 0
    lost: Sequence[str] = ()
    added: Sequence[str] = ()


def _word_differences(true: str, found: str, optional: Sequence[str]) -> _Differences:
    """Return the differences between two texts, in word order."""
    wanted, got = tokens(true), tokens(found)
    for part in optional:
        got = _without_run(got, tokens(part))
        wanted = _without_run(wanted, tokens(part))
    changes = [
        (wanted[a0:a1], got[b0:b1])
        for tag, a0, a1, b0, b1 in SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    return _Differences(
        missing=sum(len(lost) for lost, _ in changes),
        extra=sum(len(added) for _, added in changes),
        lost=max((lost for lost, _ in changes), key=len, default=[]),
        added=max((added for _, added in changes), key=len, default=[]),
    )


def _shown(words: Sequence[str]) -> str:
    """A run of tokens for people, cut short; ideographs without gaps between them."""
    text = " ".join(words[:SHOWN_WORDS]) + (" …" if len(words) > SHOWN_WORDS else "")
    return re.sub(rf"(?<=[{COMPATIBLE_HAN_AND_KANA}]) (?=[{COMPATIBLE_HAN_AND_KANA}])", "", text)


def _without_run(words: list[str], run: list[str]) -> list[str]:
    """`words` without the first occurrence of `run`."""
    for start in range(len(words) - len(run) + 1) if run else ():
        if words[start : start + len(run)] == run:
            return words[:start] + words[start + len(run) :]
    return words


def _people(names: Sequence[str]) -> frozenset[str]:
    return frozenset(plain(name) for name in names)


def same_moment(true: str, found: datetime | None) -> bool:
    """Say if `found` is the true time: the same day if only a day is known, else the same instant."""
    if found is None:
        return False
    if len(true) <= len("2025-03-01"):
        return date.fromisoformat(true) == found.date()
    wanted = datetime.fromisoformat(true)
    if wanted.tzinfo is None:
        return wanted == found.replace(tzinfo=None)
    return abs((wanted.astimezone(UTC) - found.astimezone(UTC)).total_seconds()) < 1


def _same_image(true: Sequence[str], found: str | None) -> bool:
    if not true or not found:
        return not true and not found
    return any(
        found == wanted or found.endswith(wanted if wanted.startswith("/") else f"/{wanted}")
        for wanted in true
    )
