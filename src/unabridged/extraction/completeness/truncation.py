"""Signs that a text goes on elsewhere: its end, and what page, feed and site claim of its length."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from unabridged.extraction.completeness.endings import breaks_off, ends_with_more
from unabridged.extraction.completeness.facts import MAX_LOOKED, SHORT, VERY_SHORT, Facts, is_shown
from unabridged.extraction.html.dom import CUT, NOT_WRITTEN, Dom, Node, Text
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import estimate_words

CLAIMED_SHARE = 0.5
"""Of the words that the page declares: a text with fewer is a part."""
LEAST_CLAIMED = 150
"""Declared words from which they count; below, the difference is a standfirst or a caption."""
MOST_WORDS = 1500
"""A declared count above this, near the number of characters, is one of characters."""
WORDS_A_MINUTE = 180
"""Slow reading; publishers reckon with 200 to 265."""
MINUTES_SHARE = 0.4
SITE_PAGES = 4
"""Pages that a site's lengths must come from."""
SITE_SHARE = 0.5
"""Of the site's shortest text: a shorter one is a part."""
MANY_PAGES = 8
"""Pages from which the shortest is a better measure, so that `MANY_SHARE` of it counts."""
MANY_SHARE = 0.6
MEDIAN_SHARE = 0.4
"""Of the site's median: no text above it is called a part because of the site."""
SUMMARY_WORDS = 25

_MINUTES = lazy_regex(
    r"\b(\d{1,2})[\s-]?(?:min(?:ute)?s?\.?[\s-]read|minutes?\.? to read|min\.? (?:de )?(?:lecture|lectura|"
    r"leitura|di lettura|leestijd|lesetid|lästid|læsetid|czytania|lesezeit|lesen|чтения|okuma)|минут\w* "
    r"чтения|分で読め|分钟(?:阅读|读完)|分鐘閱讀|分钟)|"
    r"(?:lesezeit|lesedauer|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura|leestijd|"
    r"lästid|lesetid|czas czytania|время (?:на )?чтени[ея]|reading time|read time|okuma süresi|"
    r"阅读(?:时间|约需|需)|閱讀時間|読了時間|وقت القراءة)\W{0,3}(?:ca\.? |约|約|約?\s)?(\d{1,2})\b",
    re.I,
)


def broken_off(facts: Facts) -> Iterator[str]:
    """Yield the sign that the page itself ends within the text."""
    if not facts.dom.broken_off or not facts.text:
        return
    last = _last_words(facts.dom)
    if _folded(facts.text).endswith(last) or _folded(facts.given.following or "").endswith(last):
        yield "the page breaks off in the middle of the text"


def own_limits(facts: Facts) -> Iterator[str]:
    """Yield notes on text that we left out: by a limit, or because it was not written."""
    for note in facts.given.cuts:
        found = note.removeprefix(CUT)
        yield found if NOT_WRITTEN in found else f"cut by our own limit: {found}"


def shorter_than_claimed(facts: Facts) -> Iterator[str]:
    """Yield signs that page or feed know more text than there is."""
    declared = len(facts.metadata.article_body)
    if declared > 600 and len(facts.text) < 0.5 * declared:
        yield f"the structured data holds {declared} characters of text, the page's text {len(facts.text)}"
    counted = facts.metadata.word_count or 0
    if (
        counted >= LEAST_CLAIMED
        and facts.words < CLAIMED_SHARE * counted
        and not _are_letters(facts, counted)
    ):
        yield f"the structured data declares {counted} words, the text has {facts.words}"
    yield from _shorter_than_feed(facts)
    minutes = _minutes(facts) if 0 < facts.words < SHORT and not facts.is_usual else 0
    if facts.words < MINUTES_SHARE * WORDS_A_MINUTE * (minutes - 1):  # publishers round up
        yield f"the page says that reading takes {minutes} minutes, the text has {facts.words} words"


def _are_letters(facts: Facts, counted: int) -> bool:
    """Say whether a declared word count is one of characters, with or without markup, as some sites write."""
    return counted > MOST_WORDS and 0.75 * len(facts.text) <= counted <= 1.7 * len(facts.text)


def _shorter_than_feed(facts: Facts) -> Iterator[str]:
    feed = facts.given.feed
    fed = estimate_words(feed.content) if feed.content else 0
    if fed > 1.5 * facts.words and fed > facts.words + 60:
        yield f"the feed's own text has {fed} words, the page's {facts.words}"
    told = estimate_words(feed.summary) if feed.summary and facts.words < SHORT else 0
    if told > max(SUMMARY_WORDS, 1.2 * facts.words) and told > facts.words + 15:
        yield f"the feed's summary has {told} words, the page's text {facts.words}"


def _minutes(facts: Facts) -> int:
    """Return the minutes of reading that the page states just above or in the text, 0 if it does not."""
    start = " ".join(facts.text[:80].split())[:30]
    place = facts.start.find(start)
    if place < 0:
        return 0
    last = place + len(facts.text[:400])
    found = [one[1] or one[2] for one in _MINUTES.finditer(facts.start, max(0, place - 500), last)]
    return int(found[-1]) if found else 0


def ends_early(facts: Facts) -> Iterator[str]:
    """Yield signs at the end of a short text: dots, a "read more" in or after it, half a sentence."""
    if not 0 < facts.words < SHORT:
        return
    end = ends_with_more(facts)
    if end and (facts.words < VERY_SHORT or end.startswith("[")):
        yield f"the short text ends with “{end[:40]}”"
    if facts.words < VERY_SHORT and facts.given.signals.get("read_more_follows"):
        yield "a “read more” follows the short text"
    if not end and (last := breaks_off(facts)):
        yield f"the text ends in the middle of a sentence: “{last}”"


def shorter_than_site(facts: Facts) -> Iterator[str]:
    """Yield the sign that a text is far shorter than all texts of its site.

    A site with briefs has a short shortest text, so that a brief is no part there.
    """
    usual = facts.given.usual
    if usual is None or usual.pages < SITE_PAGES or not 0 < facts.words < SHORT:
        return
    length, share = len(facts.text), MANY_SHARE if usual.pages >= MANY_PAGES else SITE_SHARE
    if length < share * usual.shortest and length < MEDIAN_SHARE * usual.median:
        yield (
            f"the text has {length} characters, the site's shortest text {usual.shortest} and its median "
            f"{usual.median}"
        )


def _last_words(dom: Dom) -> str:
    """Return the end of the page's last text, without white space."""
    node: Node | None = dom.body
    while node is not None and len(node):  # descend to the very last node of the page
        node = node[-1]
    before = chain((node,), node.preceding) if node is not None else iter(())
    for last in islice(before, MAX_LOOKED):
        if type(last) is Text and is_shown(last):
            return _folded(last.data)[-40:]
    return ""


def _folded(text: str) -> str:
    return "".join(text[-400:].split())
