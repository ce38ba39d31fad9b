"""Metadata of a page, each field with its origin.

Steps: scan the page once; read the JSON-LD graph; for title, publication date and authors list every
candidate with its features and take the one with the highest weight; read the plain declarations; fill gaps
from the feed's entry.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from unabridged import urls
from unabridged.errors import InvalidURL
from unabridged.extraction.html.dom import Dom
from unabridged.extraction.metadata.authors import author_candidates
from unabridged.extraction.metadata.authors_zh import find_signatures
from unabridged.extraction.metadata.byline_texts import Site
from unabridged.extraction.metadata.dates import (
    DateCandidates,
    add_declared_dates,
    date_candidates,
    published_clock,
)
from unabridged.extraction.metadata.json_ld import Graph, Json, read_graph, type_of, unescape_entities
from unabridged.extraction.metadata.json_ld import first_text as first_text
from unabridged.extraction.metadata.language import language_of, normal_tag
from unabridged.extraction.metadata.lead_image import image_candidates, lead_image
from unabridged.extraction.metadata.names import is_credit, is_nameless, may_sign_alone
from unabridged.extraction.metadata.scan import PageScan, near_headline, scan_page
from unabridged.extraction.metadata.scoring import FieldCandidate, best
from unabridged.extraction.metadata.titles import in_heading_form, title_candidates
from unabridged.extraction.metadata.weights import AUTHORS, PUBLISHED, TITLE
from unabridged.model import Clock, Entry, Origin
from unabridged.text.controls import as_label
from unabridged.text.words import fold_spaces, letters_only

MAX_TAGS = 40
LEAST_AUTHORS = -1.0  # log-odds below which the best by-line is not used
LEAST_PUBLISHED = -3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The metadata of a page's article.

    authors: people, and agencies and desks with a name of their own; credit: desks and agencies, named or
    not. clocks: every claimed time, published and modified. kind: JSON-LD or OpenGraph type. summary: the
    page's own description. free: isAccessibleForFree as declared, None if it is not. article_body: JSON-LD's
    articleBody; word_count: its wordCount, None if it declares none. types: of all JSON-LD objects of this
    page, in lower case. generator: the software that wrote the page, as it says. provenance: field -> origin
    of its value.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    published: Clock | None = None
    modified: Clock | None = None
    clocks: tuple[Clock, ...] = ()
    language: str | None = None
    lead_image: str | None = None
    site_name: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    canonical_url: str | None = None
    kind: str | None = None
    summary: str = ""
    free: bool | None = None
    article_body: str = ""
    word_count: int | None = None
    types: frozenset[str] = frozenset()
    generator: str = ""
    provenance: Mapping[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFields:
    """Fields that were read from known places of a site; None: choose among the candidates of the page.

    dated: `published` was read, even if it is None. picture: (URL or None, origin) of the lead image.
    """

    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: Clock | None = None
    dated: bool = False
    picture: tuple[str | None, Origin | None] | None = None

    @property
    def all_known(self) -> bool:
        return self.title is not None and self.authors is not None and self.dated and self.picture is not None


def read_metadata(
    dom: Dom, *, url: str | None = None, entry: Entry | None = None, now: datetime | None = None
) -> Metadata:
    """Read a page's metadata; the feed's entry confirms it and fills gaps. Never raises."""
    scan = scan_page(dom)
    return metadata_of(PageFacts(dom=dom, scan=scan, graph=graph_of(scan), url=url, entry=entry, now=now))


def graph_of(scan: PageScan) -> Graph:
    """Return the JSON-LD graph of a scanned page."""
    return read_graph(scan.scripts, scan.meta("og:title") or scan.page_title)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A scanned page and what else is known about it. url, entry, now: as for `read_metadata`."""

    dom: Dom
    scan: PageScan
    graph: Graph
    url: str | None = None
    entry: Entry | None = None
    now: datetime | None = None


def metadata_of(page: PageFacts, known: KnownFields = KnownFields()) -> Metadata:
    """Return the metadata of a scanned page. known: fields that need not be searched for."""
    dom, scan, graph, url = page.dom, page.scan, page.graph, page.url
    hint = page.entry or Entry()
    found: dict[str, Origin] = {}
    base = page_base(scan, url)
    site_name = _record_origin(found, "site_name", _site_name(scan, graph, url))
    language = _record_origin(found, "language", language_of(scan, graph, hint.language))
    title, title_origin = (
        _title(scan, graph, site_name or "", hint, url) if known.title is None else (known.title, _LEARNT)
    )
    if title:
        found["title"] = title_origin
    nearby = [] if known.all_known else near_headline(scan)
    section = _record_origin(found, "section", _section(scan, graph))
    tags = _tags(scan, graph, hint, found)
    if known.authors is None:
        signatures = find_signatures(dom) if _has_text_signatures(language) else ()
        site = _site(scan, (site_name, section), url)
        bylines = author_candidates(dom, scan, graph, nearby, site, hint.authors, signatures)
        authors, credit = _authors(bylines, site_name or "", found)
    else:
        authors, credit = signed_by(known.authors)
        found |= {"authors": _LEARNT} if authors or credit else {}
    days = DateCandidates(language=language, now=page.now)
    if hint.published is not None:
        days.add_clock(hint.published)
    if known.dated:
        add_declared_dates(days, scan, graph)
        days.clocks += [known.published] if known.published is not None else []
    else:
        date_candidates(dom, scan, graph, nearby, days, url or "")
    published = known.published if known.dated else _published(days)
    modified = _modified(days, published, hint)
    for name, clock in (("published", published), ("modified", modified)):
        if clock is not None:
            found[name] = clock.origin
    picture = known.picture or lead_image(scan, graph, base, hint.lead_image)
    image = _record_origin(found, "lead_image", picture)
    summary = _record_origin(found, "summary", _summary(scan, graph))
    return _cleaned(
        Metadata(
            title=title,
            authors=authors,
            credit=credit,
            published=published,
            modified=modified,
            clocks=_distinct([*days.clocks, *days.modified]),
            language=language,
            lead_image=image,
            site_name=site_name,
            section=section,
            tags=tags,
            canonical_url=_record_origin(found, "canonical_url", _canonical(scan, base)),
            kind=_record_origin(found, "kind", _kind(scan, graph)),
            summary=summary or "",
            free=_free(graph),
            article_body=first_text(graph.article, "articleBody"),
            word_count=_word_count(graph),
            types=graph.types,
            generator=scan.meta("generator") or "",
            provenance=found,
        )
    )


_LEARNT: Origin = "learnt"


def _cleaned(metadata: Metadata) -> Metadata:
    """Metadata whose texts are lines without control characters; the body's text is nobody's label."""
    cleaned: dict[str, Any] = {}
    for one in fields(metadata):
        value = getattr(metadata, one.name)
        if isinstance(value, str) and one.name != "article_body":
            cleaned[one.name] = as_label(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            cleaned[one.name] = tuple(filter(None, map(as_label, value)))
    return replace(metadata, **cleaned)


def read_candidates(
    dom: Dom, *, url: str | None = None, now: datetime | None = None
) -> dict[str, list[FieldCandidate[Any]]]:
    """Return every candidate of the weighted fields ("title", "lead_image", "published",
    "authors"), for training."""
    scan = scan_page(dom)
    graph = read_graph(scan.scripts, scan.meta("og:title") or scan.page_title)
    nearby = near_headline(scan)
    site_name = _site_name(scan, graph, url)[0] or ""
    language = language_of(scan, graph)[0]
    days = DateCandidates(language=language, now=now)
    signatures = find_signatures(dom) if _has_text_signatures(language) else ()
    site = _site(scan, (site_name, _section(scan, graph)[0]), url)
    return {
        "title": title_candidates(scan, graph, site_name, url=url),
        "lead_image": image_candidates(scan, graph, page_base(scan, url)),
        "published": list(date_candidates(dom, scan, graph, nearby, days, url or "").found.values()),
        "authors": author_candidates(dom, scan, graph, nearby, site, signed=signatures),
    }


def _has_text_signatures(language: str | None) -> bool:
    """Say whether pages of this language name their authors in running text."""
    return (language or "").startswith("zh")


def _record_origin(
    found: dict[str, Origin], name: str, value: tuple[str | None, Origin | None]
) -> str | None:
    """Record the origin of a value, and return the value."""
    text, origin = value
    if text and origin:
        found[name] = origin
    return text or None


def page_base(scan: PageScan, url: str | None) -> str | None:
    """Return the URL against which the page's links resolve."""
    page = url or scan.meta("og:url") or None
    if scan.base:
        return urls.absolute(scan.base, page) or page
    return page


def _title(scan: PageScan, graph: Graph, site_name: str, hint: Entry, url: str | None) -> tuple[str, Origin]:
    candidates = title_candidates(scan, graph, site_name, hint.title, url=url)
    chosen = best(candidates, TITLE)
    return (in_heading_form(chosen, candidates), chosen.origins[0]) if chosen else ("", "page")


def _authors(
    bylines: list[FieldCandidate[tuple[str, ...]]], site_name: str, found: dict[str, Origin]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (authors, desks and agencies) of the best by-line: people, and agencies with a name."""
    chosen = best(bylines, AUTHORS, LEAST_AUTHORS)
    if chosen is None:
        return (), ()
    found["authors"] = chosen.origins[0]
    return signed_by(chosen.value)


def signed_by(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (authors, desks and agencies) of a by-line's names. A desk without a name ("Redaktion") is the
    author only where nobody else signs, an account of the site's software ("admin") never."""
    credit = tuple(name for name in names if is_credit(name))
    named = tuple(name for name in names if not (name in credit and is_nameless(name)))
    return named or tuple(filter(may_sign_alone, credit)), credit


def _published(days: DateCandidates) -> Clock | None:
    chosen = best(days.found.values(), PUBLISHED, LEAST_PUBLISHED)
    return published_clock(days, chosen.value) if chosen else None


def _modified(days: DateCandidates, published: Clock | None, hint: Entry) -> Clock | None:
    """Return the latest claimed modification time that is not before publication."""
    claims = [*days.modified, *([hint.modified] if hint.modified else [])]
    if published is not None:
        claims = [clock for clock in claims if clock.at >= published.at or clock.day_only]
    declared = [clock for clock in claims if clock.origin in ("json-ld", "meta", "microdata", "feed")]
    return max(declared or claims, key=lambda clock: clock.at, default=None)


def _distinct(clocks: list[Clock]) -> tuple[Clock, ...]:
    """Return each claim once, by kind, instant and origin; at most forty."""
    return tuple({(clock.kind, clock.at, clock.origin): clock for clock in clocks}.values())[:40]


def _site_name(scan: PageScan, graph: Graph, url: str | None) -> tuple[str | None, Origin | None]:
    if name := scan.meta("og:site_name"):
        return name, "meta"
    publisher = graph.resolve(graph.article.get("publisher"))
    if isinstance(publisher, dict) and (name := first_text(publisher, "name")):
        return name, "json-ld"
    for node in graph.nodes[:50]:
        if type_of(node) in ("WebSite", "NewsMediaOrganization") and (name := first_text(node, "name")):
            return name, "json-ld"
    if name := scan.meta("application-name", "apple-mobile-web-app-title", "dc.publisher", "publisher"):
        return name, "meta"
    return _named_like_host(scan.page_title, url), "page"


def _site(scan: PageScan, names: tuple[str | None, str | None], url: str | None) -> Site:
    """Return what is known of a page's site. names: of the site and the page's section."""
    try:
        domain = urls.registrable_domain(url or scan.meta("og:url")).split(".")[0]
    except InvalidURL:
        domain = ""
    name, section = names
    return Site(
        name=name or "",
        section=section or "",
        domain=letters_only(domain),
        title=letters_only(scan.page_title),
    )


def _named_like_host(page_title: str, url: str | None) -> str | None:
    """Return the part of the page's title that resembles its host."""
    if not url or not page_title:
        return None
    try:
        domain = letters_only(urls.registrable_domain(url).split(".")[0])
    except InvalidURL:
        return None
    parts = re.split(r"\s+[|\-–—»«·•:]+\s+|\s*[|｜_]\s*", page_title)
    for part in (parts[-1], parts[0]):
        letters = letters_only(part)
        if len(parts) > 1 and len(letters) > 2 and (letters in domain or domain in letters):
            return part
    return None


def _summary(scan: PageScan, graph: Graph) -> tuple[str | None, Origin | None]:
    texts = [
        scan.meta(name) for name in ("og:description", "description", "twitter:description", "dc.description")
    ]
    fullest = next((text for text in texts if text and not text.endswith(("…", "..."))), "") or max(
        texts, key=len
    )
    if fullest:
        return fullest, "meta"
    return fold_spaces(first_text(graph.article, "description"))[:2000], "json-ld"


def _section(scan: PageScan, graph: Graph) -> tuple[str | None, Origin | None]:
    if section := first_text(graph.article, "articleSection"):
        return fold_spaces(section)[:200], "json-ld"
    return scan.meta(
        "article:section", "og:section", "parsely-section", "section", "cxenseparse:section"
    ), "meta"


def _tags(scan: PageScan, graph: Graph, hint: Entry, found: dict[str, Origin]) -> tuple[str, ...]:
    """Return the declared keywords, in order, each once."""
    sources: tuple[tuple[list[str], Origin], ...] = (
        (_words(graph.article.get("keywords")), "json-ld"),
        (scan.metas.get("article:tag", []), "meta"),
        (
            [
                text
                for key in ("news_keywords", "keywords", "parsely-tags", "sailthru.tags")
                for text in scan.metas.get(key, ())
            ][:1],
            "meta",
        ),
        (list(hint.tags), "feed"),
    )
    for texts, origin in sources:
        parts = (
            [part.strip() for text in texts for part in re.split(r"[,;，；、]", text)]
            if len(texts) < 3
            else texts
        )
        tags = tuple({part.casefold(): part for part in parts if 1 < len(part) <= 80}.values())[:MAX_TAGS]
        if tags:
            found["tags"] = origin
            return tags
    return ()


def _words(value: Json) -> list[str]:
    if isinstance(value, str):
        return [unescape_entities(value[:2000])]
    if isinstance(value, list):
        return [unescape_entities(item) for item in value[: MAX_TAGS * 2] if isinstance(item, str)]
    return []


def _canonical(scan: PageScan, base: str | None) -> tuple[str | None, Origin | None]:
    for element in scan.links.get("canonical", ())[:2]:
        if found := urls.absolute(element.attr("href") or "", base):
            return found, "meta"
    return urls.absolute(scan.meta("og:url"), base), "meta"


def _kind(scan: PageScan, graph: Graph) -> tuple[str | None, Origin | None]:
    if graph.article or graph.page:
        return type_of(graph.article or graph.page), "json-ld"
    return scan.meta("og:type"), "meta"


def _free(graph: Graph) -> bool | None:
    """Return isAccessibleForFree of the article's node or its page's."""
    for node in (graph.article, graph.page):
        value = node.get("isAccessibleForFree")
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower().rsplit("/", 1)[-1] in (
            "true",
            "false",
            "yes",
            "no",
        ):
            return value.strip().lower().rsplit("/", 1)[-1] in ("true", "yes")
    return None


def _word_count(graph: Graph) -> int | None:
    """Return the wordCount that the article's node declares, None without a plausible one."""
    value = graph.article.get("wordCount")
    text = str(value).strip() if isinstance(value, (int, float, str)) else ""
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else None


MOST_DIGITS = 7

__all__ = ["Metadata", "normal_tag", "read_metadata"]
