"""Fields of an item: title, date, summary and picture, and the places where a list has them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from statistics import median
from urllib.parse import urlsplit

from turbohtml import Element, Node, Text

from unabridged.dates.ages import read_age
from unabridged.dates.parse import parse_date
from unabridged.feeds.discovery.page_links import attribute
from unabridged.feeds.lists.groups import Item
from unabridged.feeds.lists.links import (
    HEADINGS,
    MAX_TITLE,
    classes_of,
    is_hidden,
    link_text,
    step_of,
    width,
    words_of,
)
from unabridged.feeds.parsing.values import one_line
from unabridged.model import Clock
from unabridged.urls import absolute

SAMPLE = 40
"""Items from which the places are learnt."""
MAX_PARTS = 60
"""Elements and texts of an item that are looked at."""
MAX_DATE = 60
"""Characters of a text that is a date and little else."""
LEAST_SUMMARY = 30

ADDRESS = "address"
"""Place of a date that stands in the link's address."""
HEADING = "heading"
"""Place of a date that stands before a part of the list."""
HEADING_LEVELS = 3
HEADED = 12
"""Elements outward from an item before which its day may stand, and items on which this is learnt."""
_IN_ADDRESS = re.compile(
    r"[/=_-]((?:19|20)\d\d)"
    r"(?:([/_-])(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0?[1-9])|[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01]))(?=\D|$)"
)
_YEAR = re.compile(r"\d{4}")
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d")
_DATE_CLASS = re.compile(r"date|time|when|publish|posted|datum|fecha|data\b|日期|时间|ago", re.IGNORECASE)
_CHANGED = re.compile(r"modif|updat|edit", re.IGNORECASE)
_TITLE_CLASS = re.compile(r"titl|headline|heading|\bhead\b|titre|titolo|subject|^name$", re.IGNORECASE)
_SUMMARY_CLASS = re.compile(
    r"summary|excerpt|desc|intro|teaser|dek|lead|standfirst|snippet|abstract|text|body", re.IGNORECASE
)
_DATE_ATTRIBUTES = ("datetime", "data-time", "data-date", "data-timestamp", "content")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})(?!\d)")
_SHORT_DAY = re.compile(r"\W*(0?[1-9]|1[0-2])(?:[-/.]|月\s?)(0?[1-9]|[12]\d|3[01])日?(?:\s+\d{1,2}:\d\d)?\W*")
_YEARLESS = re.compile(r"\D*\d{1,2}\D*")
_BREAK = re.compile(r"\s[–—|·•-]\s|:\s|\s{2,}")
_EDGES = "()[]{}|·•-—–/,，：:【】 \t\xa0"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateForm:
    """Place and form of the dates of a list, as in `ItemPattern`."""

    place: str = ""
    order: str = ""
    form: str = ""


def elements_in(parts: Sequence[Node]) -> Iterator[Element]:
    """Yield the elements of an item in document order, at most MAX_PARTS."""
    left = MAX_PARTS
    for part in parts:
        if not isinstance(part, Element):
            continue
        for node in (part, *part.descendants):
            if isinstance(node, Element):
                if left <= 0:
                    return
                left -= 1
                yield node


def texts_in(parts: Sequence[Node]) -> Iterator[Text]:
    """Yield the visible texts of an item, at most MAX_PARTS."""
    left = MAX_PARTS
    for part in parts:
        for node in (part,) if isinstance(part, Text) else part.descendants:
            if isinstance(node, Text) and node.data.strip() and not is_hidden(node):
                if left <= 0:
                    return
                left -= 1
                yield node


def selector_of(element: Element) -> str:
    """Return a CSS selector of an element within its item: its tag with up to two classes."""
    tag, classes = step_of(element)
    return tag + "".join(class_selector(name) for name in classes[:2])


def class_selector(name: str) -> str:
    """Return the selector of a class, or of all classes with the stable beginning of a build tool's."""
    return f'[class*="{name}"]' if name.endswith("__") else f".{name}"


def find(parts: Sequence[Node], selector: str) -> Iterator[Element]:
    """Yield the elements of an item that a selector of `selector_of` means."""
    for element in elements_in(parts):
        if selector_of(element) == selector or _matches(element, selector):
            yield element


def _matches(element: Element, selector: str) -> bool:
    tag, *names = re.split(r'(?:\.|\[class\*="|"\])+', selector)
    if element.tag != tag:
        return False
    known = step_of(element)[1]
    return all(name in known for name in names if name)


def title_of(item: Item, place: str) -> str:
    """Return an item's title from its place; from the link if nothing stands there."""
    if place:
        for element in find(item.parts, place):
            text = words_of(element)
            if text and len(text) <= MAX_TITLE:
                return text
    return item.link.text if len(item.link.text) <= MAX_TITLE else item.link.text[: MAX_TITLE - 1] + "…"


def learn_title(items: Sequence[Item]) -> str:
    """Return the place of the titles: the link's words ("") or an element that the items have."""
    texts: dict[str, list[str]] = defaultdict(list)
    for item in items[:SAMPLE]:
        seen = {""}
        texts[""].append(link_text(item.link.element))
        for element in elements_in(item.parts):
            name = selector_of(element)
            if name not in seen and _may_be_title(element, item):
                seen.add(name)
                texts[name].append(words_of(element))
    count = min(len(items), SAMPLE)
    scores = {name: _title_score(name, found, count) for name, found in texts.items()}
    best = max(scores, key=lambda name: (scores[name], name == ""))
    return "" if scores[best] <= 1.15 * scores[""] else best


def _may_be_title(element: Element, item: Item) -> bool:
    if element.tag in HEADINGS or _TITLE_CLASS.search(classes_of(element)):
        return True
    inside = element is not item.link.element and item.link.element in element.ancestors
    return inside and element.tag in ("div", "span", "p", "strong", "b") and not _has_blocks(element)


def _has_blocks(element: Element) -> bool:
    return any(
        isinstance(node, Element) and node.tag in ("div", "p", "span", "h2", "h3")
        for node in element.children
    )


def _title_score(name: str, texts: Sequence[str], count: int) -> float:
    """Say how much texts look like the titles of a list of `count` items."""
    filled = [text for text in texts if text and len(text) <= MAX_TITLE]
    if not filled:
        return 0.0
    middle = median(width(text) for text in filled)
    fit = 1.0 if 20 <= middle <= 110 else middle / 20 if middle < 20 else 110 / middle
    dates = sum(
        1
        for text in filled
        if len(text) <= MAX_DATE and _DIGIT.search(text) and _parsed(text, "", None, None)
    )
    kind = 1.4 if name[:2] in HEADINGS else 1.25 if _TITLE_CLASS.search(name) else 1.2 if not name else 1.0
    share = len(filled) / count
    return share * (len(set(filled)) / len(filled)) * fit * kind * (1 - dates / len(filled))


def are_dates(texts: Sequence[str], now: datetime | None) -> bool:
    """Say whether most of some texts are dates and little else."""
    short = [text for text in texts if len(text) <= MAX_DATE // 2 and _DIGIT.search(text)]
    return 2 * sum(1 for text in short if _parsed(text, "", None, now)) > len(texts)


def date_candidates(item: Item, title: str) -> Iterator[tuple[str, str]]:
    """Yield the places of an item where its date may stand, with the text there."""
    for element in elements_in(item.parts):
        marked = element.tag == "time" or _DATE_CLASS.search(classes_of(element))
        for name in _DATE_ATTRIBUTES:
            if (marked or name != "content") and (value := attribute(element, name)):
                yield f"{selector_of(element)}@{name}", one_line(value)[: 2 * MAX_DATE]
        if marked and element.tag != "a":
            text = one_line(element.text)
            if text and len(text) <= MAX_DATE and text not in title:
                yield selector_of(element), text
            if value := attribute(element, "title"):
                yield f"{selector_of(element)}@title", one_line(value)[:MAX_DATE]
    for node in texts_in(item.parts):
        text = one_line(node.data).strip(_EDGES)
        if 2 < len(text) <= MAX_DATE and text not in title and isinstance(node.parent, Element):
            yield f"{selector_of(node.parent)}#text", text
        elif len(text) > MAX_DATE and isinstance(node.parent, Element):
            start = _BREAK.split(text[:MAX_DATE], maxsplit=1)[0]
            if _DIGIT.search(start) and len(start) < MAX_DATE // 2:
                yield f"{selector_of(node.parent)}#start", start
    if _IN_ADDRESS.search(urlsplit(item.link.url).path):
        yield ADDRESS, item.link.url


def heading_date(item: Item) -> str:
    """Return the text of a day that stands as a heading before an item's part of the list, "" for none."""
    element: Element | None = next((part for part in item.parts if isinstance(part, Element)), None)
    for _ in range(HEADING_LEVELS):
        if element is None or element.tag == "body":
            return ""
        for sibling in islice(element.previous_siblings, MAX_PARTS):
            if isinstance(sibling, Element) and sibling.select_one("a[href]") is None:
                text = one_line(sibling.text) if sibling.tag != "a" else ""
                if 2 < len(text) <= MAX_DATE and _DIGIT.search(text):
                    return text
        element = element.parent if isinstance(element.parent, Element) else None
    return ""


def learn_date(
    items: Sequence[Item], titles: Sequence[str], language: str | None, now: datetime | None
) -> DateForm:
    """Return where the dates of a list stand and how they are written; no place if few items have one."""
    texts: dict[str, dict[int, str]] = defaultdict(dict)
    for number, (item, title) in enumerate(zip(items[:SAMPLE], titles, strict=False)):
        for place, text in date_candidates(item, title):
            if number not in texts[place] and _parsed(text, place, language, now):
                texts[place][number] = text
    count = min(len(items), SAMPLE)
    scores = {place: _date_score(place, found, count, language, now) for place, found in texts.items()}
    best = max(scores, key=lambda place: scores[place], default=None)
    if best is None or len(texts[best]) * 2 < count:
        return _heading_form(items[:HEADED], language, now)
    written = list(texts[best].values())
    forms = Counter(_DIGITS.sub("0", text) for text in written) if best != ADDRESS else Counter()
    return DateForm(
        place=best, order=day_order(written), form=forms.most_common(1)[0][0][:MAX_DATE] if forms else ""
    )


def _heading_form(items: Sequence[Item], language: str | None, now: datetime | None) -> DateForm:
    """Return the form of days that stand as headings before nearly all of some items; no place otherwise."""
    texts = [text for item in items if (text := heading_date(item))]
    read = [text for text in texts if _parsed(text, HEADING, language, now)]
    if not read or len(read) * 10 < 9 * len(items):
        return DateForm()
    return DateForm(place=HEADING, order=day_order(read), form=_DIGITS.sub("0", read[0]))


def _date_score(
    place: str, texts: dict[int, str], count: int, language: str | None, now: datetime | None
) -> float:
    kind = 1.0
    if place.startswith("time"):
        kind = 1.5
    elif _DATE_CLASS.search(place):
        kind = 1.4
    elif place == ADDRESS:
        kind = 0.8
    if _CHANGED.search(place):
        kind *= 0.6
    kind *= 1.1 if "@" in place else 1.0
    times = [clock.at for text in texts.values() if (clock := _parsed(text, place, language, now))]
    falling = sum(first >= second for first, second in pairwise(times))
    order = falling / (len(times) - 1) if len(times) > 1 else 0.5
    return len(texts) / count * kind * (0.8 + 0.2 * order)


def day_order(texts: Sequence[str]) -> str:
    """Return the order of day and month that all-digit dates of a list show, "" if none does."""
    found = [(int(one[1]), int(one[2])) for text in texts if (one := _NUMERIC.search(text))]
    first, second = any(a > 12 for a, _ in found), any(b > 12 for _, b in found)
    if first == second:
        return ""
    return "dmy" if first else "mdy"


_ORDERS = {"dmy": "en-GB", "mdy": "en-US"}
"""Order of day and month -> a language that has it, for dates without words."""


def date_of(
    item: Item, title: str, form: DateForm, language: str | None, now: datetime | None
) -> Clock | None:
    """Return an item's date: from the list's place, else from anywhere in it, else from the address."""
    found = list(date_candidates(item, title))
    if form.place == HEADING:
        found.append((HEADING, heading_date(item)))
    at_place = [pair for pair in found if pair[0] == form.place]
    others = [pair for pair in found if pair[0] not in (form.place, ADDRESS) and not _CHANGED.search(pair[0])]
    for place, text in (*at_place, *others):
        spoken = _ORDERS[form.order] if form.order and _NUMERIC.search(text) else language
        clock = _parsed(text, place, spoken, now)
        if clock is not None:
            return clock if _YEAR.search(text) else _with_year(clock, item, now)
    return None


def _with_year(clock: Clock, item: Item, now: datetime | None) -> Clock:
    """Return a day that was written without its year; the link's address may tell the year."""
    told = _parsed(item.link.url, ADDRESS, None, now)
    same = told is not None and (told.at.month, told.at.day) == (clock.at.month, clock.at.day)
    return told if told is not None and same else clock


def _parsed(text: str, place: str, language: str | None, now: datetime | None) -> Clock | None:
    if place == ADDRESS:
        found = _IN_ADDRESS.search(urlsplit(text).path)
        if found is None:
            return None
        month, day = found[3] or found[5], found[4] or found[6]
        return parse_date(f"{found[1]}-{month:0>2}-{day:0>2}", kind="published", origin="url", now=now)
    if _DIGIT.search(text):
        clock = parse_date(text, kind="published", origin="page", language=language, now=now)
        if clock is not None:
            return clock
    if now is None:
        return None
    return read_age(text, kind="published", origin="page", now=now) or _without_year(text, language, now)


def _without_year(text: str, language: str | None, now: datetime) -> Clock | None:
    """Read a day and month without a year as the last such day."""
    if len(text) > 20:
        return None
    short = _SHORT_DAY.fullmatch(text)
    if short is None and not _YEARLESS.fullmatch(text):
        return None
    for year in (now.year, now.year - 1):
        whole = f"{text} {year}"
        if short is not None:
            month, day = (short[2], short[1]) if "." in text else (short[1], short[2])
            whole = f"{year}-{month:0>2}-{day:0>2}"
        clock = parse_date(whole, kind="published", origin="page", language=language, now=now)
        if clock is not None and clock.at <= now + timedelta(days=1):
            return clock
    return None


def learn_summary(items: Sequence[Item], titles: Sequence[str]) -> str:
    """Return the place of the summaries, "" if fewer than half of the items have one."""
    texts: dict[str, list[int]] = defaultdict(list)
    for item, title in zip(items[:SAMPLE], titles, strict=False):
        seen = set()
        for element in elements_in(item.parts):
            name = selector_of(element)
            if name not in seen and (text := _summary_text(element, title)):
                seen.add(name)
                texts[name].append(len(text))
    count = min(len(items), SAMPLE)
    usual = {name: found for name, found in texts.items() if 2 * len(found) >= count}
    return max(usual, key=lambda name: len(usual[name]) * median(usual[name]), default="")


def _summary_text(element: Element, title: str) -> str:
    """Return the text of an element that may be a summary, "" for one that is none."""
    if element.tag != "p" and not _SUMMARY_CLASS.search(classes_of(element)):
        return ""
    if any(isinstance(node, Element) and node.tag in HEADINGS for node in element.descendants):
        return ""
    text = words_of(element)
    return "" if width(text) < LEAST_SUMMARY or title in text or text in title else text


def summary_of(item: Item, title: str, place: str) -> str:
    """Return an item's summary as escaped text: from its place, else its longest paragraph; "" for none."""
    texts = [text for one in find(item.parts, place) if (text := _summary_text(one, title))] if place else []
    if not texts:
        texts = sorted((_summary_text(one, title) for one in elements_in(item.parts)), key=len)[-1:]
    return texts[0].replace("&", "&amp;").replace("<", "&lt;") if texts else ""


def picture_of(item: Item, base: str) -> str | None:
    """Return the address of an item's picture, None without one."""
    for element in elements_in(item.parts):
        if element.tag == "img":
            for name in ("data-src", "data-original", "src"):
                if found := absolute(attribute(element, name), base):
                    return found
    return None
