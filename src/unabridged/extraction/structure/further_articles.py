"""Remove whole further articles that a theme appends below the page's own ("next story", endless scroll).

The page's own headline is the one that stands in its title. A further article has a headline of its own rank,
its own by-line, date or address, and a text. Posts of a thread, answers, entries of a live blog, versions of
a changelog and chapters have lower headings, no by-lines or hardly a text before them: they stay.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from unabridged.extraction.html.dom import Dom, Element, Node, Text, text_start
from unabridged.extraction.structure.page_names import PageNames
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import fold_spaces, letters_only

LEAST_TEXT = 400
"""Characters of text that the page's own article and a further one must have."""
LEAST_TITLE = 8
"""Letters of a headline; a shorter one may stand in any title by chance."""
PARAGRAPH = 100
"""Characters of a text that is certainly a paragraph."""
MOST_HEADINGS = 200
MOST_NODES = 20_000
"""Nodes of a page that are walked over."""
MOST_LEVELS = 30

_SERIES = "[data-url],[data-permalink],[data-article-url],[data-canonical-url],[data-href]"
_BYLINE = lazy_regex(
    r"(?:^|[\s_-])(?:by-?lines?|author\S*|writers?|dateline|(?:post|entry|article|publish\w*|"
    r"pub)-?(?:date|meta|info|time)|"
    r"date|published|timestamp|posted-?on|entry-meta|vcard)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BY = lazy_regex(r"\s*(?:by|von|par|por|door|di)\s+(?=(?-i:[^\Wa-z]))", re.IGNORECASE)
_STAYS = lazy_regex(
    r"(?:^|[\s_-])(?:comments?|repl(?:y|ies)|answers?|thread|topic|posts?-?list|message|live-?blog\S*|"
    r"live|timeline|"
    r"changelog|releases?|chapters?|letters?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_THREADS = lazy_regex(r'"(?:DiscussionForumPosting|QAPage|LiveBlogPosting|Question|FAQPage|CollectionPage)"')


def remove_further_articles(dom: Dom, names: PageNames) -> None:
    """Remove the articles of other pages. The tree is changed in place."""
    body = dom.body
    if names.have_tag(("amp-next-page",)):
        for element in list(body.iter_elements("amp-next-page"))[:10]:
            element.decompose()
    ones = list(body.iter_elements("h1"))[:MOST_HEADINGS]
    series = _addresses(body) if len(ones) < 2 else ()
    if len(ones) < 2 and len(series) < 2:
        return
    title = _title(dom)
    own = next((one for one in ones if _is_in_title(one, title)), None)
    if own is None or _is_thread(dom, own):
        return
    rivals = [one for one in ones if one is not own and not _is_in_title(one, title)]
    rivals += [one for box in series if (one := next(box.iter_elements(("h2", "h3")), None)) is not None]
    around, budget = frozenset(own.ancestors), iter(range(MOST_NODES))
    boxes = [box for one in rivals if (box := _article_of(one, around, budget)) is not None]
    if boxes and _own_text(own, boxes) >= LEAST_TEXT:
        for box in boxes:
            box.decompose()


def _title(dom: Dom) -> str:
    """Return the letters of the titles that the head declares."""
    found: list[str] = []
    for element in dom.select("title,meta[property='og:title']")[:6]:
        found.append(element.attr("content") or "" if element.tag == "meta" else element.text)
    return "\n".join(letters_only(text[:1_000]) for text in found)


def _is_in_title(heading: Element, title: str) -> bool:
    own = letters_only(text_start(heading, 1_000)[:1_000])
    return len(own) >= LEAST_TITLE and own in title


def _addresses(body: Element) -> Sequence[Element]:
    """Return the elements of a series that each name the address of their article."""
    found: dict[str, Element] = {}
    for element in body.select(_SERIES)[:MOST_HEADINGS]:
        if element.tag in ("article", "section", "div", "main"):
            values = (element.attr(name) for name in _ADDRESS)
            address = next((value for value in values if value and "/" in value), None)
            if address:
                found.setdefault(address.partition("#")[0], element)
    return tuple(found.values())


_ADDRESS = ("data-url", "data-permalink", "data-article-url", "data-canonical-url", "data-href")


def _is_thread(dom: Dom, own: Element) -> bool:
    """Say whether a page is a thread, a list of questions or a live blog, by its data or its names."""
    for script in dom.select("script[type*=ld]")[:20]:
        if _THREADS.search(script.text[:50_000].replace(" ", "")[:20_000].replace('":"', '": "')):
            return True
    return _named(own, _STAYS) or any(
        isinstance(node, Element) and _named(node, _STAYS)
        for node, _ in zip(own.ancestors, range(6), strict=False)
    )


def _named(element: Element, names: re.Pattern[str]) -> bool:
    told = f"{element.attr('class') or ''} {element.attr('id') or ''}"
    return told != " " and element.tag not in ("body", "html") and names.search(told[:300]) is not None


def _article_of(heading: Element, around_own: frozenset[Node], budget: Iterator[int]) -> Element | None:
    """Return the element around a headline that is a whole further article, None if there is none.

    budget: of the nodes that may still be walked over.
    """
    if len(letters_only(text_start(heading, 500)[:500])) < LEAST_TITLE:
        return None
    best: Element | None = None
    node: Node | None = heading.parent
    for _ in range(MOST_LEVELS):
        if not isinstance(node, Element) or node in around_own or node.tag in ("body", "main"):
            break
        if _named(node, _STAYS):
            return None
        if not _begins_with(node, heading, budget):
            break
        best = node
        node = node.parent
    if best is None or not _is_signed(best, heading):
        return None
    return best if _text_size(best, heading) >= LEAST_TEXT else None


def _begins_with(box: Element, heading: Element, budget: Iterator[int]) -> bool:
    """Say whether no paragraph stands in an element above a heading."""
    for node in box.descendants:
        if node == heading:
            return True
        if next(budget, None) is None:
            return False
        if type(node) is Text and len(node.data) > PARAGRAPH and len(fold_spaces(node.data)) > PARAGRAPH:
            parent = node.parent
            if isinstance(parent, Element) and parent.tag in ("script", "style", "noscript", "template"):
                continue
            return False
    return True


def _is_signed(box: Element, heading: Element) -> bool:
    """Say whether an article names its author, day or address above its first paragraph."""
    if any(box.attr(name) for name in _ADDRESS) or any(
        isinstance(node, Element) and any(node.attr(name) for name in _ADDRESS)
        for node, _ in zip(heading.ancestors, range(4), strict=False)
    ):
        return True
    for count, node in enumerate(box.descendants):
        if count > 300:
            return False
        if type(node) is Text:
            if _BY.match(node.data[:80]) and len(node.data) < 80:
                return True
            if len(node.data) > PARAGRAPH:
                return False
        elif isinstance(node, Element) and (
            node.tag in ("time", "address") or node.attr("rel") == "author" or _named(node, _BYLINE)
        ):
            return True
    return False


def _own_text(own: Element, boxes: Sequence[Element]) -> int:
    """Return the characters of paragraphs between the page's own headline and the first further article.

    Where the headline taken for its own is the site's name, the "further" article is the page's own, and
    no paragraph stands above it.
    """
    barred = frozenset(boxes)
    size = 0
    for node in islice(own.following, MOST_NODES):
        if node in barred:
            break
        if type(node) is Text and isinstance(node.parent, Element) and node.parent.tag not in _NOT_SHOWN:
            size += len(fold_spaces(node.data)) if len(node.data) > PARAGRAPH else 0
            if size >= LEAST_TEXT:
                break
    return size


_NOT_SHOWN = frozenset(("script", "style", "noscript", "template", "footer"))


def _text_size(box: Element, heading: Element) -> int:
    """Return the characters of paragraphs in an element, outside its headline."""
    return sum(len(fold_spaces(text_start(p, 1_000))) for p in islice(box.iter_elements("p"), 50)) or (
        len(fold_spaces(text_start(box, 2_000))) - len(text_start(heading, 1_000))
    )
