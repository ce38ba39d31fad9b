"""Title candidates of an article, from headings, declarations and the page's own title."""

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from urllib.parse import urlsplit

from unabridged import urls
from unabridged.errors import InvalidURL
from unabridged.extraction.html.dom import Element, Text
from unabridged.extraction.metadata.json_ld import Graph, first_text, unescape_entities
from unabridged.extraction.metadata.scan import (
    ClassHint,
    MarkedElement,
    PageScan,
    ancestor_hints,
    visible_text,
)
from unabridged.extraction.metadata.scoring import FieldCandidate
from unabridged.model import Origin
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import CJK_LETTER
from unabridged.text.words import fold_spaces, letters_only, share_of_words, title_key, title_letters

MAX_TITLE = 400
MAX_CANDIDATES = 60
ALWAYS_READ = 3  # headings of one kind; of the others those that the page declares, as a whole or in part

_SEPARATOR = lazy_regex(
    r"\s+[|\-–—»«·•:›/~_⋆◆]+\s+|\s*[|｜»›_]\s*|\s+::\s+|\s*(?<=\w)[:：]\s+|(?<=[^\x00-\x7f])\s*[-–—]+\s*"
)

_META: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("og", ("og:title", "og:headline")),
    ("twitter", ("twitter:title", "twitter:text:title")),
    ("parsely", ("parsely-title", "sailthru.title")),
    ("dc", ("dc.title", "dcterms.title", "citation_title", "eprints.title", "bepress_citation_title")),
    (
        "meta",
        ("title", "headline", "hdl", "article.headline", "article:title", "cxenseparse:recs:articletitle"),
    ),
)


class TitleCandidates:
    """The candidates of one page, by their folded text."""

    def __init__(self, site_name: str, page_title: str, url: str | None = None) -> None:
        self.site = title_letters(site_name)
        self.own_urls: tuple[str, ...] = (url,) if url else ()
        self.hosts = _names_of_host(url)
        self.sites = {self.site} - {""}
        self.page_title = title_letters(page_title)
        self.found: dict[str, FieldCandidate[str]] = {}
        self.sources: list[tuple[str, FieldCandidate[str], frozenset[str]]] = []

    def add(self, text: str, origin: Origin, *features: str) -> None:
        text = fold_spaces(unescape_entities(text))
        if not 2 <= len(text) <= MAX_TITLE or len(self.found) >= MAX_CANDIDATES:
            return
        candidate = self.found.setdefault(title_key(text), FieldCandidate(value=text))
        if candidate.value.isupper() and not text.isupper():
            candidate.value = text  # a heading in capitals is the same title
        candidate.seen(origin, *features)

    def add_parts(self, text: str, origin: Origin, name: str, *, only_site: bool = False) -> None:
        """Add the parts of "Title | Section | Site" that may be the title alone."""
        cuts = [(m.start(), m.end()) for m in _SEPARATOR.finditer(text)][:12]
        if not cuts:
            return
        for start, end in cuts:
            if self.site and title_letters(text[end:]) == self.site:
                self.add(text[:start], origin, f"{name}:butsite")
            if self.site and title_letters(text[:start]) == self.site:
                self.add(text[end:], origin, f"{name}:butsite")
        if only_site:
            return
        self.add(text, origin, f"{name}:whole")
        self.add(text[: cuts[-1][0]], origin, f"{name}:butlast")
        self.add(text[: cuts[0][0]], origin, f"{name}:first")
        self.add(text[cuts[0][1] :], origin, f"{name}:butfirst")
        if len(cuts) > 1:
            self.add(text[cuts[-1][1] :], origin, f"{name}:last")
        starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
        longest = max((text[a:b] for a, b in zip(starts, ends, strict=True)), key=len)
        self.add(longest, origin, f"{name}:longest")


def title_candidates(
    scan: PageScan, graph: Graph, site_name: str, feed_title: str = "", url: str | None = None
) -> list[FieldCandidate[str]]:
    """Return every text that may be the title, with its features."""
    titles = TitleCandidates(site_name, scan.page_title, url)
    titles.own_urls += tuple(filter(None, (scan.meta("og:url"), _canonical(scan))))
    _add_headings(titles, scan)
    for name, keys in _META:
        for text in [content for key in keys for content in scan.metas.get(key, ())][:2]:
            titles.add(text, "meta", name)
            if name == "og":
                titles.add_parts(text, "meta", name)
    for node, name in ((graph.article, "ld"), (graph.page, "ldpage")):
        for key in ("headline", "name", "alternativeHeadline"):
            titles.add(first_text(node, key), "json-ld", f"{name}:{key}")
    titles.add(scan.page_title, "page", "tag")
    titles.add_parts(scan.page_title, "page", "tag")
    titles.add(feed_title, "feed", "feed")
    titles.sources = [
        (
            title_letters(candidate.value),
            candidate,
            frozenset(name.split(":")[0] for name in candidate.features) & _SOURCES,
        )
        for candidate in titles.found.values()
    ]
    _add_features(titles, title_letters(scan.meta("og:title")))
    return list(titles.found.values())


def in_heading_form(chosen: FieldCandidate[str], candidates: list[FieldCandidate[str]]) -> str:
    """Return the chosen title as the first heading writes it, if the two differ only in signs."""
    letters, bare = title_letters(chosen.value), _without_spaces(chosen.value)
    for candidate in candidates:
        if title_letters(candidate.value) != letters:
            continue
        form = candidate.value
        if _without_spaces(form) == bare:
            if " :" in chosen.value and " :" not in form:
                return form  # a heading of two parts, each in an element of its own
        elif "h1:first" in candidate.features and _is_no_worse(form, chosen):
            return form
    return chosen.value


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _is_no_worse(headed: str, chosen: FieldCandidate[str]) -> bool:
    """Say whether a heading's form is no worse: not in capitals, and without signs that a charset lost."""
    if headed.isupper() and not chosen.value.isupper():
        return False
    return len(_LOST.findall(headed)) <= len(_LOST.findall(chosen.value))


_PERMALINKS = ("¶", "#", "§", "🔗", "\uf0c1")
"""Signs with which documentation links to its own headings."""


_LOST = lazy_regex(r"\ufffd|\w\?(?=\w)|\?\?|[\u0080-\u009f]")
"""Remains of a sign that did not survive a change of charset."""


def _names_of_host(url: str | None) -> frozenset[str]:
    """Return the letters of the page's host, with and without its ending: possible names of the site."""
    if not url:
        return frozenset()
    try:
        domain = urls.registrable_domain(url).removeprefix("www.")
        host = urls.host(url).removeprefix("www.")
    except InvalidURL:
        return frozenset()
    return frozenset(title_letters(name) for name in (domain, domain.split(".")[0], host)) - {""}


def _add_features(titles: TitleCandidates, declared: str) -> None:
    """Add the features of every candidate. declared: letters of og:title."""
    for own, candidate, _ in titles.sources:
        _add_own_features(candidate, own, titles)
    _mark_beginnings(titles)
    _mark_motto(titles)
    _mark_longest_held(titles, declared)
    _mark_agreement(titles.found.values())
    _mark_shown_parts(titles.found.values())
    _mark_likeness(list(titles.found.values()))


def _mark_agreement(candidates: Iterable[FieldCandidate[str]]) -> None:
    """Add features of how many sources agree on a candidate."""
    for candidate in candidates:
        features = candidate.features
        features.add(f"agree:{min(len(features & _AGREEING), 5)}")
        if "h1:alone" in features and "h1:noise" not in features:
            features.add("h1:clean")


_TAG = frozenset({"tag", "tag:butsite", "tag:butlast"})
_AGREEING = _TAG | {"h1", "og", "twitter", "parsely", "ld:headline", "ldpage:name"}


def _mark_shown_parts(candidates: Iterable[FieldCandidate[str]]) -> None:
    """Mark the first and the last part of the page's title if it shows both: a chapter and its book."""
    shown = [
        one.features for one in candidates if one.features & _HEADED and "class:noise" not in one.features
    ]
    heads = [features for features in shown if features & _HEADS and not features & _SITES]
    tails = [features for features in shown if features & _TAILS]
    if heads and tails:
        for features in heads:
            features.add("head:shown")
        for features in tails:
            features.add("tail:shown")


_HEADED = frozenset({"h1", "h2", "title:class", "title:prop"})
_HEADS = frozenset({"tag:first", "tag:butlast", "tag:butsite"})
_TAILS = frozenset({"tag:butfirst", "tag:last"})
_SITES = frozenset({"is:site", "is:host"})


def _mark_likeness(candidates: list[FieldCandidate[str]]) -> None:
    """Add features of the words that a candidate shares with the first heading, the declared title and the
    page's own."""
    words = [frozenset(_WORD.findall(candidate.value.lower())) for candidate in candidates]
    pairs = list(zip(words, candidates, strict=True))
    for source in ("h1:first", "og"):
        theirs = [own for own, one in pairs if source in one.features]
        for own, candidate in pairs if theirs else ():
            if source in candidate.features:
                candidate.features.add(f"like:{source}:same")
            else:
                share = max(share_of_words(own, other) for other in theirs)
                level = "most" if share >= 0.6 else "some" if share >= 0.3 else "few"
                candidate.features.add(f"like:{source}:{level}")
    page = next((own for own, one in pairs if "tag" in one.features), None)
    for own, candidate in pairs if page is not None else ():
        if "tag" not in candidate.features:
            candidate.features.add(f"share:tag:{_level(len(own & (page or own)) / max(1, len(own)))}")


def _level(share: float) -> str:
    return next(name for least, name in _LEVELS if share >= least)


_LEVELS = ((0.99, "all"), (0.6, "most"), (0.3, "some"), (0.001, "few"), (0.0, "none"))
"""Least share of a candidate's words that the page's title has, and its name."""

_WORD = lazy_regex(r"\w+")


def _mark_longest_held(titles: TitleCandidates, declared: str) -> None:
    """Mark the longest heading that is part of the declared title or of the page's own title."""
    held = [
        (len(own), candidate)
        for own, candidate, sources in titles.sources
        if len(own) > 5 and sources & _VISIBLE and (own in declared or own in titles.page_title)
    ]
    if held:
        max(held, key=lambda pair: pair[0])[1].features.add("held:longest")


def _canonical(scan: PageScan) -> str:
    return next((link.attr("href") or "" for link in scan.links.get("canonical", ())), "")


def _names_site(heading: Element, own_urls: tuple[str, ...]) -> bool:
    """Say whether a heading is a link to the front page of its site, on a page that is not it."""
    links = list(heading.iter_elements("a")) or [
        parent for parent in (heading.parent,) if isinstance(parent, Element) and parent.tag == "a"
    ]
    if len(links) != 1 or letters_only(links[0].text) != letters_only(heading.text):
        return False
    pages = [(host, path) for host, path in map(_host_and_path, own_urls) if host]
    host, path = _host_and_path(links[0].attr("href") or "")
    if path or not pages or not all(path for _, path in pages):
        return False
    return not host or any(host == own for own, _ in pages)


def _host_and_path(address: str) -> tuple[str, str]:
    """Return the host of an address ("" for a relative one) and its path and query, "" for a front page."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return "", address
    path = parts.path.strip("/")
    if not parts.netloc and (parts.fragment or not address.startswith("/")):
        return "", address or "-"
    front = path in ("", "index.html", "index.php") and not parts.query
    return parts.netloc.lower().removeprefix("www."), "" if front else f"{path}?{parts.query}"


_FRONT_PAGE = frozenset(
    "home homepage startseite accueil inicio início stronagłówna главная etusivu hem hjem anasayfa 首页 "
    "首頁 ホーム 홈".split()
)
"""Headings of front pages, which some themes leave on every page for screen readers."""


def _mark_motto(titles: TitleCandidates) -> None:
    """Mark titles that the head declares for the whole site, with its motto: no heading shares their words.

    That is so if all of them hold the site's name and the page marks one other heading as its title.
    """
    declared = [one for _, one, sources in titles.sources if sources & _DECLARED_TITLES]
    whole = [one for one in declared if {"og", "tag", "twitter", "ld:headline"} & one.features]
    if not titles.site or not whole or not all(titles.site in title_letters(one.value) for one in whole):
        return
    marked = [one for own, one, sources in titles.sources if sources & _VISIBLE and own not in titles.sites]
    own = [one for one in marked if one.features & _MARKED_TITLE and not one.features & _NOISE]
    words = {word for one in whole for word in _WORD.findall(one.value.lower()) if len(word) > 3}
    if len(own) != 1 or any(words & set(_WORD.findall(one.value.lower())) for one in marked):
        return
    for one in declared:
        if one not in own:
            one.features.update(("is:site", "is:host"))


_DECLARED_TITLES = frozenset({"og", "tag", "twitter"})
_MARKED_TITLE = frozenset({"title:class", "title:prop", "h1:class", "h2:class", "h1:prop", "h2:prop"})
_NOISE = frozenset({"class:noise", "h1:noise", "h2:noise"})
_VISIBLE = frozenset({"h1", "h2", "title"})
_SOURCES = frozenset({"h1", "h2", "og", "ld", "tag", "twitter", "feed", "title"})


def _in_breadcrumb(heading: Element) -> bool:
    """Say whether a heading is the last step of a breadcrumb: it repeats the title for search engines."""
    parent = heading.parent
    if isinstance(parent, Element) and parent.tag in ("li", "nav"):
        return True
    return "breadcrumb" in (heading.attr("class") or "").lower()


def _add_headings(titles: TitleCandidates, scan: PageScan) -> None:
    ones, twos, steps = _main_headings(scan)
    for mark in steps[:2]:
        titles.add(_heading_text(mark.element), "page", "h1:step")
    texts = [_heading_text(mark.element) for mark in ones]
    alone = len({text for text in texts if text}) == 1
    first = True
    for mark, text in zip(ones[:12], texts, strict=False):
        names = ["h1", *_heading_features(mark, "h1")]
        if alone:
            names.append("h1:alone")
        if steps:
            names.append("h1:below:step")
        if _names_site(mark.element, titles.own_urls):
            titles.sites.add(title_letters(text))
        if first and title_letters(text) not in titles.sites | _FRONT_PAGE:
            names.append("h1:first")
            first = not text
        parts = _parts_of(mark.element)
        titles.add(text, "page", *names, *(["h1:parted"] if parts else []))
        _add_parts(titles, parts)
        titles.add_parts(text, "page", "h1", only_site=True)
    declared = titles.page_title + title_letters(scan.meta("og:title"))
    for index, mark in enumerate(twos[:12]):
        text = _heading_text(mark.element)
        if index >= ALWAYS_READ and title_letters(text) not in declared:
            continue
        names = ["h2", *_heading_features(mark, "h2"), *(["h2:noh1"] if not ones else [])]
        titles.add(text, "page", *names, *(["h2:first"] if index == 0 else []))
    for index, mark in enumerate(islice(_titled(scan), 8)):
        text = visible_text(mark.element, MAX_TITLE)
        if index >= ALWAYS_READ and title_letters(text) not in declared:
            continue
        noisy = ["class:noise"] if ancestor_hints(mark.element) & ClassHint.NOISE else []
        titles.add(text, "page", "title:prop" if "headline" in mark.prop else "title:class", *noisy)


def _main_headings(scan: PageScan) -> tuple[list[MarkedElement], ...]:
    """Return the headings of the first level, of the second, and those that are steps of a breadcrumb.

    Where the only h1 is the last step of a breadcrumb, the first h2 after it counts as of the first level.
    """
    ones = [mark for mark in scan.headings if mark.element.tag == "h1"]
    twos = [mark for mark in scan.headings if mark.element.tag == "h2"]
    main = [mark for mark in ones if not _is_step(mark.element)]
    if main or not ones:
        return main or ones, twos, []
    main = [mark for mark in twos if mark.order > ones[0].order][:1]
    return main, [mark for mark in twos if mark not in main], ones


def _is_step(heading: Element) -> bool:
    """Say whether a heading is a step of a breadcrumb or of another navigation."""
    return isinstance(heading.parent, Element) and heading.parent.tag in ("li", "nav")


def _heading_text(heading: Element) -> str:
    """Return the text of a heading without the sign of a link to itself."""
    text = visible_text(heading, MAX_TITLE)
    return text[:-1].rstrip() if text.endswith(_PERMALINKS) else text


def _parts_of(heading: Element) -> list[str]:
    """Return the texts of a heading with several parts (a kicker, the title, a subtitle); [] for any
    other."""
    parts: list[list[str]] = [[]]
    for child in heading.children[:MAX_PARTS]:
        if isinstance(child, Element) and child.tag in ("script", "style", "template", "noscript", "svg"):
            continue
        if isinstance(child, Text):
            parts[-1].append(child.data)
        elif isinstance(child, Element) and child.tag not in _INLINE:
            parts += [[visible_text(child, MAX_TITLE)], []]
        elif isinstance(child, Element):
            parts[-1].append(visible_text(child, MAX_TITLE))
    texts = [fold_spaces("".join(part)).strip(_EDGES) for part in parts]
    told = [text for text in texts if title_letters(text)]
    return told if len(told) > 1 else []


def _add_parts(titles: TitleCandidates, parts: list[str]) -> None:
    longest = max(map(len, parts), default=0)
    for place, text in enumerate(parts):
        names = [
            "part",
            "part:last" if place == len(parts) - 1 else "part:first" if not place else "part:mid",
        ]
        titles.add(text, "page", *names, *(["part:longest"] if len(text) == longest else []))


MAX_PARTS = 20
_EDGES = " \t:：|–—-/•·»›"
_INLINE = frozenset("em i b strong u q abbr wbr sup sub mark cite code a font".split())


def _heading_features(mark: MarkedElement, tag: str) -> Iterator[str]:
    if mark.flags & ClassHint.TITLE:
        yield f"{tag}:class"
    if "headline" in mark.prop or mark.prop == "name":
        yield f"{tag}:prop"
    if ancestor_hints(mark.element) & ClassHint.NOISE:
        yield f"{tag}:noise"


def _titled(scan: PageScan) -> Iterator[MarkedElement]:
    """Yield elements other than h1 and h2 whose class or property marks them as a title."""
    for mark in scan.marks:
        if "headline" in mark.prop or (mark.flags & ClassHint.TITLE and not mark.flags & ClassHint.NOISE):
            yield mark


def _add_own_features(candidate: FieldCandidate[str], own: str, titles: TitleCandidates) -> None:
    """Add the features of the text itself and of its relation to the site's name and the page's title."""
    add = candidate.features.add
    candidate.features.update(_shape_features(candidate.value))
    if own in titles.hosts or own in _FRONT_PAGE or (own != titles.site and own in titles.sites):
        add("is:host")
    if own and (own in titles.sites or own in _FRONT_PAGE):
        add("is:site")
    elif len(titles.site) > 3 and (own.endswith(titles.site) or own.startswith(titles.site)):
        add("with:site")
    if len(own) > 2 and own != titles.page_title:
        if titles.page_title.startswith(own):
            add("starts:tag")
        elif titles.page_title.endswith(own):
            add("ends:tag")
        elif titles.page_title and titles.page_title in own:
            add("holds:tag")


def _shape_features(text: str) -> Iterator[str]:
    """Yield features of a text by itself."""
    ideographs = 0 if text.isascii() else 2 * len(CJK_LETTER.findall(text))
    yield f"long:{next(bound for bound in _LENGTHS if len(text) + ideographs < bound)}"
    if " " not in text and not ideographs:
        yield "oneword"
    if len(text) > LONGEST_NAME and text.isupper():
        yield "capitals"
    if text.endswith(("…", "...")):
        yield "ellipsis"
    if _LOST.search(text):
        yield "lost:signs"


LONGEST_NAME = 12
"""Characters of a text up to which capitals may be an abbreviation."""


def _cut_at_quote(text: str, whole: str) -> bool:
    """Say whether a text ends where another continues with a quotation mark, as unescaped attributes do."""
    rest = whole[len(text) :].lstrip() if whole.startswith(text) else ""
    return len(rest) > 2 and rest[0] == '"' and '"' not in text


_LENGTHS = (8, 16, 30, 120, 200, 2 * MAX_TITLE + 1)


def _mark_beginnings(titles: TitleCandidates) -> None:
    """Add features of which sources begin with a candidate, and with which sources it begins."""
    ordered = sorted(titles.sources, key=itemgetter(0))  # those that begin with a text follow it
    for index, (own, candidate, kinds) in enumerate(ordered):
        if len(own) < LEAST_BEGINNING:
            continue
        for theirs, other, sources in ordered[index + 1 :]:
            if not theirs.startswith(own):
                break
            if len(theirs) == len(own):
                continue
            candidate.features.update([f"begins:{source}" for source in sources])
            if sources and _cut_at_quote(candidate.value, other.value):
                candidate.features.add("cut:quote")
            if len(own) > LEAST_EXTENDED:
                other.features.update([f"extends:{source}" for source in kinds])


LEAST_BEGINNING = 6
LEAST_EXTENDED = 10
"""Letters that a text must have to be the beginning of another, and for that to tell about the other."""
