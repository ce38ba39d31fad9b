"""Figures of a page that tell its kind: declared types, address, elements, and class names."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

import numpy as np
from numpy.typing import NDArray

from unabridged.extraction.selection.blocks import Layout
from unabridged.extraction.selection.columns import PageArrays
from unabridged.text.patterns import lazy_regex

MAX_KEYS = 20_000
"""Characters of the class names that are searched."""

TYPES: Mapping[str, frozenset[str]] = {
    "article": frozenset(
        "article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle blogposting "
        "liveblogposting report recipe claimreview reviewnewsarticle scholarlyarticle".split()
    ),
    "forum": frozenset("discussionforumposting qapage".split()),
    "collection": frozenset("collectionpage searchresultspage offercatalog product.group".split()),
    "list": frozenset("itemlist blog".split()),
    "product": frozenset(
        "product productgroup product.item og:product offer aggregateoffer individualproduct".split()
    ),
    "website": frozenset(("website",)),
    "documentation": frozenset("techarticle apireference softwaresourcecode".split()),
    "service": frozenset(
        "service localbusiness professionalservice softwareapplication webapplication faqpage".split()
    ),
    "profile": frozenset("profile profilepage aboutpage contactpage".split()),
    "comment": frozenset(("comment", "answer")),
}
"""Declared types, in lower case, by what they say about a page."""

ADDRESSES: Mapping[str, re.Pattern[str]] = {
    "forum": lazy_regex(
        r"(?:^|[/.])(?:forums?|foros?|bbs|boards?|threads?|viewtopic|showthread|community|discuss(?:ions?)?|"
        r"questions?|topics?|answers?)(?:[/._-]|$)|/(?:t|d)/[\w%.-]+(?:/\d+|$)|/r/\w+/comments/",
        re.I,
    ),
    "product": lazy_regex(r"/(?:products?|p|dp|ip|itm|item|prod|shop|buy)/[^/]+", re.I),
    "collection": lazy_regex(
        r"/(?:collections?|categor(?:y|ies)|c|browse|shop|store|catalog(?:ue)?|departments?|brands?|w|cat|"
        r"best-?sellers?|sale)(?:/|$)",
        re.I,
    ),
    "listing": lazy_regex(
        r"/(?:tags?|topics?|categor(?:y|ies)|archives?|author|latest|section|search|events?|jobs?|list|"
        r"rankings?|charts?|trending|page)(?:/|$)|[?&](?:page|p|q|s|sort|category)=",
        re.I,
    ),
    "documentation": lazy_regex(
        r"(?:^|[/.])(?:docs?|documentation|developers?|reference|api|manual|wiki|guides?|handbook|learn|"
        r"tutorials?|man|help|kb|library|readthedocs|latest|stable|v?\d+\.\d+)(?:[/._-]|$)",
        re.I,
    ),
    "service": lazy_regex(
        r"/(?:services?|solutions?|pricing|features?|products?|about|platform|industries|plans|contact)"
        r"(?:[/._-]|$)",
        re.I,
    ),
    "article": lazy_regex(r"/(?:blog|news|articles?|story|stories|posts?|opinion|magazine)/|/(?:19|20)\d\d/"),
}
"""Patterns of host and path, by the kind of page that they are usual for."""

ELEMENTS = (
    "p", "h1", "h2", "h3", "h4", "li", "td", "dt", "pre", "article", "form", "button", "label", "nav",
    "section", "blockquote", "details", "footer", "header", "aside", "main",
)  # fmt: skip

CLASS_WORDS = (
    "product", "price", "cart", "sku", "swatch", "variant", "rating", "review", "filter", "facet", "paginat",
    "post", "comment", "forum", "thread", "topic", "reply", "signature", "avatar", "user", "vote",
    "author", "byline", "date", "entry", "article", "story", "news", "blog", "related", "share",
    "doc", "toc", "sidebar", "breadcrumb", "markdown", "code", "highlight", "anchor",
    "card", "grid", "item", "list", "tile", "teaser", "hero", "cta", "testimonial", "faq", "pricing",
    "feature", "accordion", "tab", "carousel", "slide", "logo", "gallery", "modal", "result", "content",
)  # fmt: skip
"""Beginnings of words in class names and ids that are common in one kind of page or another."""

HEADINGS = frozenset(("h2", "h3", "h4", "h5"))
SHORT, LONG = 4, 25
"""Words of a short block, and of a paragraph."""

SHAPES = (
    "words", "blocks", "linked", "prose", "prose share", "short", "long", "words per block", "stops",
    "headings", "headings linked", "headings alike", "containers alike", "code", "linked blocks", "longest",
    "marks", "hidden",
)  # fmt: skip
PATHS = ("known", "root", "depth", "slug", "query", "number", "page ending")
NAMES = (
    *(f"is {name}" for name in SHAPES),
    *(f"declared {name}" for name in TYPES),
    *("address " + name for name in ADDRESSES),
    *("path " + name for name in PATHS),
    *("element " + name for name in ELEMENTS),
    *("class " + name for name in CLASS_WORDS),
)
"""Names of all figures, in their order."""


def page_figures(
    layout: Layout, arrays: PageArrays, types: Iterable[str], url: str | None
) -> NDArray[np.float32]:
    """Return the figures of a page with at least one block, in the order of NAMES."""
    tags, series = Counter(layout.tags), Counter(layout.keys)
    keys = "\n".join(series).lower()[:MAX_KEYS]
    counts = [tags[name] for name in ELEMENTS]
    counts += map(keys.count, CLASS_WORDS)
    stated = frozenset(types)
    return np.array(
        [
            *_shape(layout, arrays, tags, series),
            *(not stated.isdisjoint(names) for names in TYPES.values()),
            *_address(_split(url)),
            *np.log1p(counts),
        ],
        dtype=np.float32,
    )


def _shape(layout: Layout, arrays: PageArrays, tags: Counter[str], series: Counter[str]) -> Sequence[float]:
    """Return figures of the page's blocks and of the series among its containers."""
    size, linked = arrays.size, arrays.linked
    words, blocks = float(size.sum()), float(len(size))
    prose = float(arrays.prose.sum())
    tag_of = [layout.tags[home] for home in layout.homes]
    headings = [index for index, tag in enumerate(tag_of) if tag in HEADINGS]
    alike = Counter(layout.keys[layout.homes[index]] for index in headings if linked[index] > 0.5)
    code = float(size[[tag == "pre" for tag in tag_of]].sum()) if tags["pre"] else 0.0
    return (
        math.log1p(words),
        math.log1p(blocks),
        float((size * linked).sum()) / words,
        math.log1p(prose),
        prose / words,
        float((size <= SHORT).mean()),
        math.log1p(float((size >= LONG).sum())),
        words / blocks / LONG,
        float(arrays.stop.mean()),
        math.log1p(len(headings)),
        float(linked[headings].mean()) if headings else 0.0,
        math.log1p(max(alike.values(), default=0)),
        math.log1p(max((count for key, count in series.items() if key), default=0)),
        code / words,
        float((linked > 0.5).mean()),
        math.log1p(float(size.max())),
        sum(map(bool, layout.marks)) / blocks,
        sum(" hidden" in mark for mark in layout.marks) / blocks,
    )


def _address(parts: SplitResult) -> Sequence[float]:
    """Return figures of the page's address, all 0 where it is unknown."""
    if not parts.netloc:
        return (0.0,) * (len(ADDRESSES) + len(PATHS))
    place = f"{parts.netloc}{parts.path}{'?' + parts.query if parts.query else ''}"
    steps = [step for step in parts.path.split("/") if step]
    last = steps[-1] if steps else ""
    return (
        *(float(pattern.search(place) is not None) for pattern in ADDRESSES.values()),
        1.0,
        float(not steps),
        math.log1p(len(steps)),
        math.log1p(last.count("-") + last.count("_")),
        float(bool(parts.query)),
        float(any(map(str.isdigit, last))),
        float("." in last),
    )


def _split(url: str | None) -> SplitResult:
    """Return the parts of a URL, empty ones for one that is unknown or cannot be parsed."""
    try:
        return urlsplit(url or "")
    except ValueError:
        return urlsplit("")
