"""Elements that tell of other pages than the article's own: teasers, related posts, references, comments.

The day of a related post, of a work in the references or of a comment is no publication day, though it may be
the only date on the page that is marked up as one.
"""

import re
from functools import lru_cache

from unabridged.extraction.html.dom import Element, Node, text_start
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import CJK_LETTER
from unabridged.text.words import letters_only

DEPTH = 10
"""Ancestors that are looked at."""
TEASER_DEPTH = 3
"""Ancestors that may be the box of one teaser."""
LONGEST_TEASER = 300
"""Characters of a box with a linked heading; a longer one is a post of the page. A Han letter counts as "
"three."""

_NAMES = lazy_regex(
    r"(?:^|[\s_-])(?:(?:jp-)?related(?:-?posts?|-?articles?|-?stories|-?content)?|relatedposts|"
    r"similar-?posts|"
    r"recommend(?:ed|ations?)?|recirc\w*|suggest(?:ed|ions)|keep-?reading|read-?(?:next|more|also)|up-?next|"
    r"(?:recent|latest|popular|trending|top|more|most-?read|other|next|prev(?:ious)?)-?(?:posts?|news|"
    r"articles?|stor(?:y|ies)|"
    r"entries|comments)|"
    r"mega-?menu|teasers?|(?:post|nav)-?navigation|blog-?pager|blogarchive|event-?(?:date|time)s?|"
    r"outbrain|taboola|"
    r"postprofile|profile-joined|user-?joined|message-user\w*|user-?details-?joined|member-?since|"
    r"reference-?(?:text|list)|reflist|bibliograph\w*|footnotes?|endnotes?|works-?cited|mw-cite\S*|"
    r"infobox)(?:$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS = lazy_regex(
    r"(?:^|[\s_-])(?:comments?|comment-?list|comment-?body|comment-?meta|comment-?form|repl(?:y|ies)|respond|"
    r"disqus)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LINKED_HEADING = "h2 a,h3 a,h4 a,h5 a,a h2,a h3,a h4,a h5"
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_WHOLE = frozenset(("body", "html", "main"))


def is_of_other_page(element: Node | None, title: str) -> bool:
    """Say whether an element stands in a teaser, a list of related posts or the references.

    title: the letters of the page's title; a linked heading that it contains is the page's own.
    """
    node = element
    is_short = True
    for level in range(DEPTH):
        if not isinstance(node, Element) or node.tag in _WHOLE:
            return False
        if node.tag == "a" and any(not _is_own(one, title) for one in node.iter_elements(_HEADINGS)):
            return True
        if is_short and 0 < level <= TEASER_DEPTH and node.tag not in ("a", "header") and _has_heading(node):
            is_short = _is_short(node)  # what stands around a long box is longer
            if is_short and _is_teaser(node, title):
                return True
        names = f"{node.attr('class') or ''} {node.attr('id') or ''}"
        if node.tag == "ol" and "references" in names:
            return True
        if names != " " and _names_other(names[:300]) and next(node.iter_elements("h1"), None) is None:
            return True
        node = node.parent
    return False


def is_of_comment(element: Node | None) -> bool:
    """Say whether an element stands among the comments, by the names of the elements around it."""
    node = element
    for _ in range(DEPTH):
        if not isinstance(node, Element) or node.tag in _WHOLE:
            return False
        names = f"{node.attr('class') or ''} {node.attr('id') or ''}"
        if names != " " and _names_comment(names[:300]):
            return next(node.iter_elements("h1"), None) is None
        node = node.parent
    return False


def names_comments(element: Element) -> bool:
    """Say whether an element is named as the readers' comments, or one of them, and holds no main heading."""
    names = f"{element.attr('class') or ''} {element.attr('id') or ''}"
    if names == " " or element.tag in _WHOLE or not _names_comment(names[:300]):
        return False
    return next(element.iter_elements(("h1", "article")), None) is None


def is_of_answer(element: Node | None) -> bool:
    """Say whether an element stands in an answer to the page's question."""
    node = element
    for _ in range(DEPTH):
        if not isinstance(node, Element) or node.tag in _WHOLE:
            return False
        if (node.attr("itemprop") or "") in ("acceptedAnswer", "suggestedAnswer"):
            return True
        names = node.attr("class")
        if names and "nswer" in names and _ANSWER.search(names[:300]):
            return True
        node = node.parent
    return False


_ANSWER = lazy_regex(r"(?:^|[\s_-])answers?(?:$|[\s_-])", re.IGNORECASE)


def _is_short(box: Element) -> bool:
    text = " ".join(text_start(box, 4 * LONGEST_TEASER).split())
    return len(text) + 2 * len(CJK_LETTER.findall(text)) < LONGEST_TEASER


def _has_heading(box: Element) -> bool:
    return next(box.iter_elements(_HEADINGS), None) is not None


def _is_teaser(box: Element, title: str) -> bool:
    """Say whether a short box holds a heading that links to another page."""
    headings = box.select(_LINKED_HEADING)[:3]
    if not headings or any(_is_own(one, title) for one in headings):
        return False
    return next(box.iter_elements("h1"), None) is None


def _is_own(heading: Element, title: str) -> bool:
    """Say whether a heading is the page's own: a part of its title, a post's number or date, or a by-line."""
    own = letters_only(text_start(heading, 300)[:300])
    if own in title or _WORD.search(own) is None:
        return True
    return heading.tag == "a" and AUTHOR_PAGE.search((heading.attr("href") or "")[:300]) is not None


AUTHOR_PAGE = lazy_regex(
    r"[/?&](?:authors?|autor(?:en|es|a|i)?|auteurs?|people|person|team|contributors?|writers?|profiles?|"
    r"users?|"
    r"members?|staff|staff-profile|redaktion|journalists?|columnists?|bloggers?|experts?|by)[/=]|/@\w",
    re.IGNORECASE,
)
"""Addresses of pages about authors."""


_WORD = lazy_regex(r"[^\W\d_]{3}|" + CJK_LETTER.pattern)


@lru_cache(maxsize=4096)
def _names_other(names: str) -> bool:
    return _NAMES.search(names) is not None


@lru_cache(maxsize=4096)
def _names_comment(names: str) -> bool:
    return _COMMENTS.search(names) is not None
