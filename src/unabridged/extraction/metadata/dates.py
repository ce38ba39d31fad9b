"""Publication date candidates of an article, from all the dates on its page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from unabridged.dates.ages import read_age
from unabridged.dates.parse import EARLIEST, parse_date
from unabridged.extraction.html.dom import Dom, Element, Text
from unabridged.extraction.metadata.json_ld import Graph, first_text
from unabridged.extraction.metadata.other_pages import is_of_comment, is_of_other_page
from unabridged.extraction.metadata.scan import (
    TIME_TAGS,
    ClassHint,
    MarkedElement,
    NearbyText,
    PageScan,
    ancestor_hints,
    visible_text,
)
from unabridged.extraction.metadata.scoring import FieldCandidate
from unabridged.model import Clock, ClockKind, Origin
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

MAX_VISIBLE = 40  # elements with a date class that are read
LONGEST_TEXT = 140
MAX_SCRIPT_CHARACTERS = 600_000
MAX_LOOKED = 6_000  # nodes

_META_KEYS: dict[str, tuple[str, ...]] = {
    "article": tuple(
        "article:published_time og:article:published_time article:published og:published_time "
        "vr:published_time mediator_published_time shareaholic:article_published_time og:article:published "
        "og:pubdate article:post_date og:release_date".split()
    ),
    "prop": ("datepublished", "datecreated", "uploaddate"),
    "parsely": (
        "parsely-pub-date",
        "sailthru.date",
        "cxenseparse:recs:publishtime",
        "cxenseparse:publishtime",
    ),
    "dc": tuple(
        "dc.date.issued dcterms.issued dc.date dcterms.date dc.date.created dcterms.created "
        "dc.date.publication "
        "citation_publication_date citation_online_date citation_date bepress_citation_date "
        "prism.publicationdate dc.created".split()
    ),
    "other": tuple(
        "date pubdate publishdate publish_date publish-date publisheddate publication_date publicationdate "
        "publication-date date_published published_time published published_at pub_date article.published "
        "article_date_original originalpublicationdate article.created created created_at creation_date "
        "date.created create_date release_date displaydate timestamp blogger:published rnews:datepublished "
        "article_date artpubdate apub:time weibo:article:create_at pubtime publishtime datetime".split()
    ),
    "modified": tuple(
        "article:modified_time og:updated_time article:modified og:article:modified_time datemodified "
        "dcterms.modified dc.date.modified last-modified lastmod last_modified revised modified dateupdated "
        "date_updated article.updated updated updated_time article:updated_time".split()
    ),
}
_LISTED = frozenset(key for keys in _META_KEYS.values() for key in keys)
_URL_DAY = lazy_regex(
    r"(?<!\d)((?:19|20)\d\d)[/\-_.]?(0[1-9]|1[0-2]|(?<=[/\-_.])[1-9](?=[/\-_.]))[/\-_.]?(0[1-9]|[12]\d|"
    r"3[01]|(?<=[/\-_.])[1-9](?!\d))(?!\d)"
)
_URL_DAY_LAST = lazy_regex(r"(?<!\d)(0[1-9]|[12]\d|3[01])[/\-_.](0[1-9]|1[0-2])[/\-_.]((?:19|20)\d\d)(?!\d)")
_URL_NAMED = lazy_regex(r"/((?:19|20)\d\d)[/-]([a-z]{3,9})[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)", re.I)
_URL_MONTH = lazy_regex(r"/((?:19|20)\d\d)[/\-]?(0[1-9]|1[0-2])(?=/|$)")
_IN_SCRIPT = lazy_regex(
    r"(?:date_?published|publish(?:ed)?_?(?:date|time|at|on)|pub_?date|first_?published(?:_?at)?|"
    r"publication_?date)"
    r"\\?[\"']?\s*[:=]\s*\\?[\"']?((?:19|20)\d\d-?\d\d-?\d\d[T ]?[\d:]{0,8})",
    re.I,
)
_PUB = lazy_regex("[pP][uU][bB]")
_AMBIGUOUS = lazy_regex(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](?:19|20)?\d\d(?!\d)")
_DIGIT = lazy_regex(r"\d")
_ONLY_YEAR = lazy_regex(r"\D*(?:\d{4}(?:\s?[-–—]\s?\d{2,4})?|\d{1,4})\D*$")
_MAYBE_DATE = lazy_regex(r"(?:19|20|25|1[34])\d\d|[۰-۹٠-٩०-९๐-๙]|\d{1,2}[./-]\d{1,2}[./-]\d\d|[年〇二]|令和")
_SAYS_MODIFIED = lazy_regex(
    r"\b(?:last )?(?:updated?|modified|edited|revised|changed)\b|aktualisiert|geändert|zuletzt|mis à jour|"
    r"màj|actualizad|atualizad|aggiornat|modificat|bijgewerkt|gewijzigd|обновлен|изменен|оновлен|"
    r"aktualizac|zmodyfik|güncelle|تحديث|更新|修改|수정|cập nhật|diperbarui|oppdatert|uppdater|opdateret|"
    r"päivitetty|ενημερ|frissít",
    re.I,
)
_SAYS_PAGE_EDITED = lazy_regex(
    r"\bthis page was last (?:edited|modified|changed)|diese seite wurde zuletzt|"
    r"dernière modification de cette page|"
    r"esta página se editó|esta página foi editada|ultima modifica (?:di|per) (?:questa|la) pagina|"
    r"deze pagina is voor het laatst|последнее изменение этой страницы|本页面最后|最終更新|"
    r"tę stronę ostatnio",
    re.I,
)
"""A wiki's footer: it says when the page was edited last and nothing about its publication."""
_SAYS_PUBLISHED = lazy_regex(
    r"publish|posted|veröffentlich|erstellt|publié|posté|publicad|pubblicat|gepubliceerd|geplaatst|опублик|"
    r"publikac|dodan|yayın|نشر|发布|發佈|發布|发表|投稿|公開|입력|게재|đăng|terbit|publisert|publicerad|julkaistu|"
    r"δημοσ|közzé|\bon\b|\bam\b|\ble\b|vom",
    re.I,
)


@dataclass(slots=True, kw_only=True)
class DateCandidates:
    """The dates on a page: candidates by day, and every clock that names a day.

    now: when the page was fetched; ages are read only if it is known. title: letters of the page's title.
    """

    language: str | None
    now: datetime | None
    title: str = ""
    found: dict[date, FieldCandidate[date]] = field(default_factory=dict)
    clocks: list[Clock] = field(default_factory=list)
    modified: list[Clock] = field(default_factory=list)
    _read: dict[str, Clock | None] = field(default_factory=dict)

    def read(self, text: str, kind: ClockKind, origin: Origin) -> Clock | None:
        key = f"{kind} {origin} {text}"
        if key not in self._read:
            self._read[key] = parse_date(
                text, kind=kind, origin=origin, language=self.language, now=self.now
            ) or self.read_age(text, kind, origin)
        return self._read[key]

    def read_age(self, text: str, kind: ClockKind, origin: Origin) -> Clock | None:
        """Read a text such as "3 hours ago"; None if it is none or nobody knows when the page was fetched."""
        if self.now is None:
            return None
        clock = read_age(text, kind=kind, origin=origin, now=self.now)
        return clock if clock is not None and clock.at >= EARLIEST else None

    def may_be_date(self, text: str) -> bool:
        return _may_be_date(text) or self.read_age(text, "published", "page") is not None

    def add(self, text: str, origin: Origin, *features: str) -> Clock | None:
        """Read a text that should be a publication date, and add its day."""
        clock = self.read(text, "published", origin)
        if clock is not None:
            self.clocks.append(clock)
            self._add_day(clock.at.date(), origin, *features)
            self._add_swapped(text, clock, origin)
        return clock

    def add_clock(self, clock: Clock) -> None:
        """Add the feed's own clock."""
        self.clocks.append(clock)
        self._add_day(clock.at.date(), "feed", "feed")

    def _add_day(self, day: date, origin: Origin, *features: str) -> None:
        self.found.setdefault(day, FieldCandidate(value=day)).seen(origin, *features)

    def _add_swapped(self, text: str, clock: Clock, origin: Origin) -> None:
        """Add the other reading of 03/04/2020: a weak candidate that another source may confirm."""
        found = _AMBIGUOUS.search(text)
        if not found or int(found[1]) > 12 or int(found[2]) > 12 or found[1] == found[2]:
            return
        day = clock.at.day
        if day > 12:  # the text names another day besides the ambiguous one
            return
        other = replace(clock, at=clock.at.replace(month=day, day=clock.at.month))
        if self.now is None or other.at <= self.now:
            self.clocks.append(other)
            self._add_day(other.at.date(), origin, "swapped")

    def add_modified(self, text: str, origin: Origin, *features: str) -> None:
        """Read a text that should be a modification date; its day is a weak candidate too."""
        clock = self.read(text, "modified", origin)
        if clock is not None:
            self.modified.append(clock)
            if not _SAYS_PAGE_EDITED.search(text):
                self._add_day(clock.at.date(), origin, *features)


def date_candidates(
    dom: Dom, scan: PageScan, graph: Graph, nearby: Iterable[NearbyText], days: DateCandidates, url: str = ""
) -> DateCandidates:
    """Return every day that may be the publication date, with its features."""
    days.title = letters_only(scan.page_title)
    nearby = list(nearby)
    add_declared_dates(days, scan, graph)
    _add_unlisted(days, scan)
    _add_visible(days, scan)
    _add_near_headline(days, nearby)
    _add_url(days, url or scan.meta("og:url"))
    if not days.found:
        _add_near_headline(days, _beside_headline(nearby), teasers=True)
    if not days.found:
        _add_hidden(days, dom)
        _add_anywhere(days, dom)
    if not days.found and _begins_with_comment(nearby):
        _add_visible(days, scan, comments=True)
    _compare(days)
    return days


def add_declared_dates(days: DateCandidates, scan: PageScan, graph: Graph) -> None:
    """Add the dates that a page declares in JSON-LD and meta elements."""
    for node, name in ((graph.article, "ld"), (graph.page, "ldpage")):
        for key in ("datePublished", "dateCreated", "uploadDate"):
            if text := first_text(node, key):
                days.add(text, "json-ld", f"{name}:{key}")
                break
        if text := first_text(node, "dateModified"):
            days.add_modified(text, "json-ld", f"{name}:modified")
    for name, keys in _META_KEYS.items():
        for content in [content for key in keys for content in scan.metas.get(key, ())[:2]][:3]:
            if name == "modified":
                days.add_modified(content, "meta", "meta:modified")
            else:
                days.add(content, "meta", f"meta:{name}")


_SAYS_JOINED = lazy_regex(
    r"\W*(?:joined|member since|registered|registriert|dabei seit|beigetreten|inscrit|inscription|"
    r"registrado|miembro desde|"
    r"iscritto|lid sinds|注册时间|註冊時間|зарегистрирован|регистрация)\b",
    re.I,
)
"""Words that a forum prints before the day on which a poster joined it."""
MOST_BEFORE_POST, LONGEST_BEFORE_POST = 8, 60
"""Texts between a thread's headline and its first post, and their characters."""


def _begins_with_comment(nearby: Iterable[NearbyText]) -> bool:
    """Say whether the page is a thread whose first post is marked up as a comment, with no text above."""
    for count, near in enumerate(near for near in nearby if near.after):
        if count > MOST_BEFORE_POST or near.place != count:  # a long text is not among them
            return False
        if is_of_comment(near.holder):
            return True
        if len(near.text) > LONGEST_BEFORE_POST:
            return False
    return False


_PUBLISHING = lazy_regex(r"publ|issued|posted|created")
_TIMES = lazy_regex(r"date|time|_at$|-on$")


def _add_unlisted(days: DateCandidates, scan: PageScan) -> None:
    """Add meta names that no list has but that name a publication date ("x-published-date")."""
    for name, contents in scan.metas.items():
        if name not in _LISTED and _TIMES.search(name) and _PUBLISHING.search(name):
            days.add(contents[0], "meta", "meta:unlisted")


def _add_visible(days: DateCandidates, scan: PageScan, *, comments: bool = False) -> None:
    """Add dates in elements that are marked as one: time, itemprop, class. comments: of comments, too."""
    headline = next((mark.order for mark in scan.headings if mark.element.tag == "h1"), 0)
    read, first = 0, True
    for mark in scan.marks:
        told = mark.element.tag in TIME_TAGS or "date" in mark.prop
        if not (told or mark.flags & ClassHint.DATE or (mark.prop.startswith("id:") and "date" in mark.prop)):
            continue
        text, stated = _date_text(mark.element)
        if not days.may_be_date(text):
            continue
        read += 1
        if read > MAX_VISIBLE:
            break
        if is_of_other_page(mark.element, days.title) or (not comments and is_of_comment(mark.element)):
            continue
        names = list(_place(mark, headline, stated))
        if _is_modified(mark, text):
            days.add_modified(text, _origin_of(mark), "seen:modified", *(f"mod:{name}" for name in names[:1]))
            continue
        if days.add(text, _origin_of(mark), *names, *(["seen:first"] if first else [])):
            first = False


def _origin_of(mark: MarkedElement) -> Origin:
    return "microdata" if "date" in mark.prop and not mark.prop.startswith("id:") else "page"


def _is_modified(mark: MarkedElement, text: str) -> bool:
    if "modified" in mark.prop or "published" in mark.prop:
        return "modified" in mark.prop
    around = mark.flags | ancestor_hints(mark.element, depth=2)
    said = around & ClassHint.MODIFIED or _SAYS_MODIFIED.search(text)
    return bool(said) and not _SAYS_PUBLISHED.search(text)


_DATE_ATTRIBUTES = (
    "datetime", "content", "data-datetime", "data-date", "data-time", "data-timestamp", "ts", "data-utime",
)  # fmt: skip


def _date_text(element: Element) -> tuple[str, bool]:
    """Return the date text of an element, and whether it is machine-readable."""
    for attribute in _DATE_ATTRIBUTES:
        value = element.attr(attribute)
        if value and any(map(str.isdigit, value)):
            return value[:LONGEST_TEXT], True
    text = visible_text(element, LONGEST_TEXT) or _dated_text(element)
    if not _may_be_date(text):
        title = (element.attr("title") or "")[:LONGEST_TEXT]
        if any(map(str.isdigit, title)):
            return title, True
    return text, False


def _dated_text(element: Element) -> str:
    """Return the first text inside a bigger element that may be a date."""
    for looked, node in enumerate(element.descendants):
        if looked > 60:
            break
        if (
            type(node) is Text
            and len(node.data) <= LONGEST_TEXT
            and _may_be_date(text := " ".join(node.data.split()))
        ):
            return text
    return ""


def _place(mark: MarkedElement, headline: int, stated: bool) -> Iterator[str]:
    """Yield features of the kind and position of an element."""
    kind = "time" if mark.element.tag in TIME_TAGS else "class"
    if "datepublished" in mark.prop or mark.element.attr("pubdate") is not None:
        kind = "itemprop"
    elif "datecreated" in mark.prop:
        kind = "itemcreated"
    around = ancestor_hints(mark.element) | mark.flags
    noise = ":noise" if around & ClassHint.NOISE else ""
    yield f"{kind}{':stated' if stated else ''}{noise}"
    gap = mark.order - headline
    side = "before" if gap < 0 else "after"
    near = "10" if abs(gap) <= 10 else "40" if abs(gap) <= 40 else "far"
    yield f"gap:{side}:{near}{noise}"


def _may_be_date(text: str) -> bool:
    """Say whether a text may be a date: a quick test before it is parsed."""
    if not 6 <= len(text) <= LONGEST_TEXT or not (_DIGIT.search(text) or "年" in text):
        return False
    return bool(_MAYBE_DATE.search(text)) and not _ONLY_YEAR.match(text)


MOST_BESIDE, LONGEST_BESIDE = 4, 200
"""Texts below the headline of which one may be the page's date although it stands in a box for teasers."""


def _beside_headline(nearby: list[NearbyText]) -> list[NearbyText]:
    """Return the texts between the headline and the first longer text."""
    below = enumerate(near for near in nearby[:MOST_BESIDE] if near.after)
    return [near for count, near in below if near.place == count and len(near.text) <= LONGEST_BESIDE]


def _add_near_headline(days: DateCandidates, nearby: list[NearbyText], *, teasers: bool = False) -> None:
    """Add dates in the plain texts after (and shortly before) the headline. teasers: even of other pages."""
    firsts = {True, False}
    before = ""
    for near in nearby:
        text = near.text
        previous, before = before, text
        if not (_DIGIT.search(text) or "年" in text) or not days.may_be_date(text):
            continue
        if not teasers and is_of_other_page(near.holder, days.title):
            continue
        if _SAYS_JOINED.match(previous) or (is_of_comment(near.holder) and not _begins_with_comment(nearby)):
            continue
        place = "after" if near.after else "before"
        told = f"{previous} {text}" if len(previous) < 30 else text
        if _SAYS_PAGE_EDITED.search(told) or (
            _SAYS_MODIFIED.search(told) and not _SAYS_PUBLISHED.search(told)
        ):
            days.add_modified(text, "page", f"text:{place}:modified")
            continue
        names = [f"text:{place}:{'short' if len(text) < 60 else 'long'}"]
        if near.after in firsts:
            names.append(f"text:{place}:first")
        if days.add(text, "page", *names):
            firsts.discard(near.after)


def _add_url(days: DateCandidates, url: str) -> None:
    if found := _URL_DAY.search(url[:500]):
        days.add("-".join(part.zfill(2) for part in found.groups()), "url", "url")
    elif found := _URL_DAY_LAST.search(url[:500]):
        days.add("-".join(reversed(found.groups())), "url", "url")
    elif found := _URL_NAMED.search(url[:500]):
        days.add(f"{found[3]} {found[2]} {found[1]}", "url", "url")
    elif found := _URL_MONTH.search(url[:500]):
        for day, candidate in days.found.items():
            if (day.year, day.month) == (int(found[1]), int(found[2])):
                candidate.features.add("url:month")
            else:
                candidate.features.add("url:other")


def _add_hidden(days: DateCandidates, dom: Dom) -> None:
    """Add a date under a known name in the page's scripts; for a page without other dates."""
    remaining = MAX_SCRIPT_CHARACTERS
    for element in dom.elements("script"):
        text = element.text[:remaining]
        remaining -= len(text)
        telling = "ublish" in text or ("pub" in text and ("pubDate" in text or "pub_date" in text))
        if telling and (found := _in_script(text)):
            days.add(found[1], "page", "script")
            return
        if remaining <= 0:
            return


def _in_script(text: str) -> re.Match[str] | None:
    """Return the first date under a known name. All names contain "pub": searching for it first is 8 times as
    fast."""
    for place in _PUB.finditer(text):
        for before in (6, 5, 4, 0):  # "first_", "first" and "date_", "date", none
            start = place.start() - before
            if start >= 0 and (found := _IN_SCRIPT.match(text, start)):
                return found
    return None


def _add_anywhere(days: DateCandidates, dom: Dom) -> None:
    """Add the first dates in the page's short texts; for a page without other dates."""
    read = 0
    for looked, node in enumerate(dom.body.descendants):
        if looked > MAX_LOOKED or read > 12:
            return
        if type(node) is not Text or not 6 <= len(node.data) <= LONGEST_TEXT or not _may_be_date(node.data):
            continue
        if type(node.parent) is Element and node.parent.tag in ("script", "style", "noscript"):
            continue
        if is_of_other_page(node.parent, days.title) or is_of_comment(node.parent):
            continue
        read += 1
        if _SAYS_PAGE_EDITED.search(node.data):
            days.add_modified(" ".join(node.data.split()), "page")
            continue
        days.add(" ".join(node.data.split()), "page", "anywhere", *(["anywhere:first"] if read == 1 else []))


def _compare(days: DateCandidates) -> None:
    """Add features of how the days relate."""
    _drop_changes(days)
    _compare_readings(days)
    ordered = sorted(days.found)
    strong = {day for day, c in days.found.items() if c.features & _DECLARED}
    for day in ordered:
        features = days.found[day].features
        if len(ordered) == 1:
            features.add("only")
        if any(abs((day - other).days) == 1 for other in ordered):
            features.add("neighbour")
        if strong and day not in strong:
            features.add("strong:before" if day < min(strong) else "strong:after")
        kinds = {name.split(":")[0] for name in features if not name.endswith(":modified")} & _KINDS
        features.add(f"kinds:{min(len(kinds), 4)}")


def _compare_readings(days: DateCandidates) -> None:
    """Tell apart the two readings of 03/04/2020 by what else names one of the days."""
    swapped = {day: one for day, one in days.found.items() if "swapped" in one.features}
    for day, candidate in swapped.items():
        if candidate.features - {"swapped"}:
            candidate.features.add("swapped:confirmed")
        other = days.found.get(day.replace(month=day.day, day=day.month))
        if (
            other
            and candidate.features & _MACHINE_READ
            and not other.features & (_MACHINE_READ | {"swapped"})
        ):
            other.features.add("swapped:rival")


def _drop_changes(days: DateCandidates) -> None:
    """Remove the day of the last change if the page declares both dates, even if it is shown elsewhere."""
    declared = [c for c in days.found.values() if c.features & _DECLARED]
    for day, candidate in list(days.found.items()):
        if candidate.features & _DECLARED_MODIFIED:
            if candidate in declared or candidate.features & _ISSUED:
                candidate.features -= _DECLARED_MODIFIED
            elif declared:
                del days.found[day]


_DECLARED = frozenset({"ld:datePublished", "meta:article", "meta:prop"})
_MACHINE_READ = frozenset(
    "url ld:datePublished ldpage:datePublished ld:dateCreated meta:article meta:prop meta:parsely meta:dc "
    "meta:other itemprop:stated time:stated".split()
)
_ISSUED = frozenset({"meta:dc"})
_DECLARED_MODIFIED = frozenset({"ld:modified", "ldpage:modified", "meta:modified"})
_KINDS = frozenset({"ld", "ldpage", "meta", "time", "class", "itemprop", "text", "url", "feed"})


def published_clock(days: DateCandidates, day: date) -> Clock | None:
    """Return the fullest clock of the chosen day: with a time and a stated zone, from the best source."""
    return min(
        (clock for clock in [*days.clocks, *days.modified] if clock.at.date() == day),
        key=lambda one: (one.day_only, not one.zone_stated, one.kind == "modified", one.origin == "url"),
        default=None,
    )
