"""Remove labels and controls that editors and themes leave inside the text.

Edit links of wikis, anchors of headings, labels for screen readers, labels of an editor's blocks, controls
of a forum's posts, tables of contents that only link within the page.
"""

import re
from collections.abc import Sequence
from itertools import islice

from unabridged.extraction.html.dom import Dom, Element, text_start
from unabridged.extraction.structure.page_names import PageNames
from unabridged.text.labels import CONTENTS, FORUM_SIGNS, FORUM_WORDS, SERVICE_LINES
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import fold_spaces

LONGEST_LABEL = 90
"""Maximum characters of a label."""
MOST_LABELS = 2_000
"""Maximum elements of a page that are looked at."""
MOST_BOXES = 60
"""Maximum elements that are looked at as tables of contents."""
LEAST_LINKS = 3
"""Minimum links of a table of contents without a heading that says so."""

KEY_POINTS_MARK = "data-key-points"
"""Attribute set on elements whose class names a box of key points, for the step that takes it."""
_CONTROL, _HIDDEN, _CONTENTS, _KEY_POINTS = "control", "hidden", "contents", "key points"
_TOKENS = {
    name: kind
    for kind, names in (
        (
            _CONTROL,
            "mw-editsection mw-editsection-like editsection mw-cite-backlink hide-text votelinks votecell "
            "js-vote-count js-post-menu post-menu reputation-score navs ad__placeholder ad-placeholder "
            "video-error wprm-recipe-jump wprm-recipe-print wprm-recipe-servings-adjust "
            "wprm-jump-to-recipe-shortcode "
            "wprm-recipe-adjustable-servings-container wprm-checkbox-container "
            "wprm-nutrition-label-container "
            "wprm-unit-conversion-container tasty-recipes-jump-link tasty-recipes-print-link "
            "tasty-recipes-quick-links tasty-recipes-scale-container mv-create-jtr mv-create-print-form "
            "page-rate-widget-box",
        ),
        (
            _HIDDEN,
            "visually-hidden visuallyhidden sr-only screen-reader-text screen-reader-only u-visually-hidden "
            "assistive-text a11y-hidden",
        ),
        (
            _CONTENTS,
            "toc table-of-contents lwptoc rank-math-block toc_container wp-block-yoast-seo-table-of-contents",
        ),
    )
    for name in names.split()
}
"""Class names that say what an element is."""
_PARTS = lazy_regex(
    r"(key-?(?:point|fact)|takeaway|tl-?dr|in-?brief|at-a-glance|summary-?box|article-summary|story-highlights|"
    r"bullet-points|das-wichtigste|en-bref|a-retenir|puntos-clave)|(visuallyhidden)|(tableofcontents|ez-toc-cont)"
)
"""Parts of class names that say so, in lower case; one group for each kind."""
_PART_SIGNS = (
    *("keypoint", "key-point", "keyfact", "key-fact", "takeaway", "tldr", "tl-dr", "inbrief", "in-brief"),
    *("at-a-glance", "summarybox", "summary-box", "article-summary", "story-highlights", "bullet-points"),
    *("das-wichtigste", "en-bref", "a-retenir", "puntos-clave", "visuallyhidden", "tableofcontents"),
    "ez-toc-cont",
)
"""Strings of which every name that `_PARTS` finds has one: quicker to look for."""
_PART_KINDS = ("", _KEY_POINTS, _HIDDEN, _CONTENTS)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WHOLE = frozenset(("html", "body"))
_TABLES_OF_CONTENTS = "nav,#toc,#TOC,#toc_container,[role=doc-toc]"
_LINE = lazy_regex(rf"\W*(?:{'|'.join(SERVICE_LINES)})\W*", re.IGNORECASE)
_HIDDEN_LABEL = lazy_regex(
    r"\W*(?:(?:image|photo|video) (?:source|caption|credit)|(?:opens?|opened) in (?:a )?new (?:tab|"
    r"window)|external(?: link)?|"
    r"(?:article|story) (?:content|information)|advertisement|end of advertisement|skip .{2,40}|"
    r"end of .{2,40}|media caption|"
    r"published|by|share|link|image|figure|audio|video|quote|this is an? .{2,30}|"
    r".{0,20}öffnet in .{2,20})\W*",
    re.IGNORECASE,
)
_PHRASING = frozenset("span a em b i strong small abbr label sup".split())
_SIGNS = lazy_regex(r"\W*")
_WORD = lazy_regex(r"[^\W\d_]+")


def remove_labels(dom: Dom, names: PageNames) -> None:
    """Remove the labels and controls of a page. The tree is changed in place."""
    body = dom.body
    boxes: list[Element] = []
    named: bool | None = None
    for name, elements in names.by_class.items():
        kind = _REMEMBERED.get(name)
        if kind is None:
            if named is None:
                named = any(map(names.folded.__contains__, _PART_SIGNS))
            kind = _kind_of(name, named)
        if kind == _CONTENTS:
            boxes += elements
        elif kind:
            _read_labels(elements, kind)
    links = (link for heading in body.iter_elements(_HEADINGS) for link in heading.iter_elements("a"))
    for link in list(islice(links, MOST_LABELS)):
        if _is_anchor(link):
            link.clear()  # it may be the target of other links
    for box in (*boxes[:MOST_BOXES], *body.select(_TABLES_OF_CONTENTS)[:MOST_BOXES]):
        if box.tag not in _WHOLE and is_table_of_contents(box):
            box.decompose()


def _read_labels(elements: Sequence[Element], kind: str) -> None:
    """Mark elements that may be key points; remove those that are labels."""
    for element in elements:
        if element.tag in _WHOLE:
            continue
        if kind == _KEY_POINTS:
            element.attrs[KEY_POINTS_MARK] = ""
        elif kind == _CONTROL or not _is_hidden_text(element):
            element.decompose()


def _kind_of(names: str, named: bool) -> str:
    """Return what the class names of an element say that it is, "" for nothing of these; cached.

    named: one of `_PART_SIGNS` stands in some name of the page.
    """
    if len(names) > LONGEST_REMEMBERED:
        return ""
    if len(_REMEMBERED) > MOST_REMEMBERED:
        _REMEMBERED.clear()
    tokens = names.split()
    kind = "" if _TOKENS.keys().isdisjoint(tokens) else next(filter(None, map(_TOKENS.get, tokens)))
    if not kind and named and (found := _PARTS.search(names.lower())):
        kind = _PART_KINDS[found.lastindex or 0]
    _REMEMBERED[names] = kind
    return kind


_REMEMBERED: dict[str, str] = {}
MOST_REMEMBERED = 30_000
LONGEST_REMEMBERED = 500
"""Characters of class names; longer ones are styles and not names."""


def _is_hidden_text(element: Element) -> bool:
    """Say whether an element for screen readers holds more than a label."""
    text = fold_spaces(text_start(element, 400)[:400])
    if element.tag not in _PHRASING and element.closest("figure") is None:
        return True  # a label on a line of its own is left out with the lines of its kind
    return len(text) > LONGEST_LABEL or not (_HIDDEN_LABEL.fullmatch(text) or is_service_line(text))


def _is_anchor(link: Element) -> bool:
    """Say whether a link in a heading only leads to the heading itself."""
    address = link.attr("href") or ""
    if "#" not in address or next(link.iter_elements(("img", "picture", "math")), None) is not None:
        return False
    text = fold_spaces(text_start(link, 200)[:200])
    heading = link.closest("h1,h2,h3,h4,h5,h6")
    whole = heading is not None and fold_spaces(text_start(heading, 400)[:400]) == text
    return not whole and (
        _SIGNS.fullmatch(text) is not None or is_service_line(text) or text.casefold() in _ANCHOR_NAMES
    )


_ANCHOR_NAMES = frozenset(("anchor", "permalink", "link", "direct link", "copy link", "copy"))


def is_service_line(text: str) -> bool:
    """Say whether a line is a label that a site prints inside any article."""
    return len(text) <= LONGEST_LABEL and _LINE.fullmatch(text) is not None


def is_forum_control(text: str) -> bool:
    """Say whether a line holds only the controls of a forum's post ("Share | Improve this answer")."""
    if len(text) > LONGEST_LABEL or text[-1:] in ".!?。！？":
        return False
    words = _WORD.findall(text.casefold())
    if not 0 < len(words) <= 10:
        return False
    signs = any(word in FORUM_SIGNS for word in words) or ("improve" in words and "share" in words)
    return signs and all(word in FORUM_WORDS for word in words)


def is_table_of_contents(box: Element) -> bool:
    """Say whether an element only links to places within its page."""
    inner: list[Element] = []
    for link in islice(box.iter_elements("a"), 300):
        if not (link.attr("href") or "").startswith("#"):
            return False
        inner.append(link)
    if len(inner) < 2:
        return False
    whole = len(fold_spaces(box.text))
    linked = sum(len(fold_spaces(link.text)) for link in inner)
    if whole - linked > 60 + 4 * len(inner):
        return False
    return len(inner) >= LEAST_LINKS or any(label in box.text[:200].casefold() for label in CONTENTS)
