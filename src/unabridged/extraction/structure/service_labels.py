"""Remove labels and controls that editors and themes leave inside the text.

Edit links of wikis, anchors of headings, labels for screen readers, labels of an editor's blocks, controls
of a forum's posts, tables of contents that only link within the page.
"""

import re

from unabridged.extraction.html.dom import Dom, Element
from unabridged.text.labels import CONTENTS, FORUM_SIGNS, FORUM_WORDS, SERVICE_LINES
from unabridged.text.words import fold_spaces

LONGEST_LABEL = 90
"""Maximum characters of a label."""
MOST_LABELS = 2_000
"""Maximum elements of a page that are looked at."""
LEAST_LINKS = 3
"""Minimum links of a table of contents without a heading that says so."""

_EDITING = ".mw-editsection,.mw-editsection-like,.editsection,.mw-cite-backlink,label.hide-text"
_HIDDEN = (
    ".visually-hidden,.visuallyhidden,.sr-only,.screen-reader-text,.screen-reader-only,.u-visually-hidden,"
    ".assistive-text,.a11y-hidden,[class*=VisuallyHidden],[class*=visuallyHidden]"
)
_CONTROLS = (
    ".votelinks,.votecell,.js-vote-count,.js-post-menu,.post-menu,.reputation-score,.navs,.comhead .navs,"
    ".ad__placeholder,.ad-placeholder,.video-error,.wprm-recipe-jump,.wprm-recipe-print,.wprm-jump-to-recipe-shortcode,"
    ".tasty-recipes-jump-link,.tasty-recipes-print-link,.tasty-recipes-quick-links,.mv-create-jtr,.mv-create-print-form,"
    ".wprm-checkbox-container,.wprm-nutrition-label-container,.tasty-recipes-scale-container,.wprm-recipe-servings-adjust,"
    ".wprm-recipe-adjustable-servings-container,.wprm-unit-conversion-container,.page-rate-widget-box"
)
_ANCHORS = "h1 a,h2 a,h3 a,h4 a,h5 a,h6 a"
_TABLES_OF_CONTENTS = (
    "nav,.toc,#toc,.table-of-contents,[class*=ez-toc-container],.lwptoc,.rank-math-block,#TOC,.toc_container,"
    "#toc_container,[class*=tableOfContents],[class*=TableOfContents],[role=doc-toc],.wp-block-yoast-seo-table-of-contents"
)
_SELECTOR = ",".join((_EDITING, _HIDDEN, _CONTROLS))
_LINE = re.compile(rf"\W*(?:{'|'.join(SERVICE_LINES)})\W*", re.IGNORECASE)
_HIDDEN_LABEL = re.compile(
    r"\W*(?:(?:image|photo|video) (?:source|caption|credit)|(?:opens?|opened) in (?:a )?new (?:tab|"
    r"window)|external(?: link)?|"
    r"(?:article|story) (?:content|information)|advertisement|end of advertisement|skip .{2,40}|"
    r"end of .{2,40}|media caption|"
    r"published|by|share|link|image|figure|audio|video|quote|this is an? .{2,30}|"
    r".{0,20}öffnet in .{2,20})\W*",
    re.IGNORECASE,
)
_PHRASING = frozenset("span a em b i strong small abbr label sup".split())
_SIGNS = re.compile(r"\W*")
_WORD = re.compile(r"[^\W\d_]+")
_EDITING_NAMES = frozenset(
    ("mw-editsection", "mw-editsection-like", "editsection", "mw-cite-backlink", "hide-text")
)


def remove_labels(dom: Dom) -> None:
    """Remove the labels and controls of a page. The tree is changed in place."""
    body = dom.body
    for element in body.select(_SELECTOR)[:MOST_LABELS]:
        if not _is_hidden_text(element):
            element.decompose()
    for link in body.select(_ANCHORS)[:MOST_LABELS]:
        if _is_anchor(link):
            link.clear()  # it may be the target of other links
    for box in body.select(_TABLES_OF_CONTENTS)[:MOST_LABELS]:
        if is_table_of_contents(box):
            box.decompose()


def _is_hidden_text(element: Element) -> bool:
    """Say whether an element for screen readers holds more than a label."""
    names = element.attr("class") or ""
    if (
        "idden" not in names
        and "sr-only" not in names
        and "screen-reader" not in names
        and "assistive" not in names
    ):
        return False
    text = fold_spaces(element.text[:400])
    if element.tag not in _PHRASING:
        return True  # a label on a line of its own is left out with the lines of its kind
    return len(text) > LONGEST_LABEL or not (_HIDDEN_LABEL.fullmatch(text) or is_service_line(text))


def _is_anchor(link: Element) -> bool:
    """Say whether a link in a heading only leads to the heading itself."""
    address = link.attr("href") or ""
    if "#" not in address or next(link.iter_elements(("img", "picture", "math")), None) is not None:
        return False
    text = fold_spaces(link.text[:200])
    heading = link.closest("h1,h2,h3,h4,h5,h6")
    whole = heading is not None and fold_spaces(heading.text[:400]) == text
    return not whole and (
        _SIGNS.fullmatch(text) is not None or is_service_line(text) or text.casefold() in _ANCHOR_NAMES
    )


_ANCHOR_NAMES = frozenset(("anchor", "permalink", "link", "direct link", "copy link", "copy"))


def is_service_line(text: str) -> bool:
    """Say whether a line is a label that a site prints inside any article."""
    return len(text) <= LONGEST_LABEL and _LINE.fullmatch(text) is not None


def is_forum_control(text: str) -> bool:
    """Say whether a line holds only the controls of a forum's post ("Share | Improve this answer | "
    "Follow")."""
    if len(text) > LONGEST_LABEL or text[-1:] in ".!?。！？":
        return False
    words = _WORD.findall(text.casefold())
    if not 0 < len(words) <= 10:
        return False
    signs = any(word in FORUM_SIGNS for word in words) or ("improve" in words and "share" in words)
    return signs and all(word in FORUM_WORDS for word in words)


def is_table_of_contents(box: Element) -> bool:
    """Say whether an element only links to places within its page."""
    links = list(box.iter_elements("a"))[:200]
    inner = [link for link in links if (link.attr("href") or "").startswith("#")]
    if len(inner) < 2 or len(inner) < len(links):
        return False
    whole = len(fold_spaces(box.text))
    linked = sum(len(fold_spaces(link.text)) for link in inner)
    if whole - linked > 60 + 4 * len(inner):
        return False
    return len(inner) >= LEAST_LINKS or any(label in box.text[:200].casefold() for label in CONTENTS)
