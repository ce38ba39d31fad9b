"""Articles that are not in a page's DOM but in its data, put into the DOM.

Single-page applications send their text as JSON, in templates or in shadow roots. Where the article that was
found in the DOM is clearly shorter than the one in the data, the data's HTML takes its place. It then goes
through the same steps as any page.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unabridged.extraction.html.dom import Dom, Element, Node, Text, parse
from unabridged.extraction.structure.page_data.data_articles import MARKUP, Candidate, Page, own_article
from unabridged.extraction.structure.page_data.page_data import DataHolder, HeldValue, held_data
from unabridged.text.words import letters_only

LONGEST_READ = 3_000
"""Characters of text from which a page's data is not read: longer texts are hardly ever only a beginning."""
MORE = 1.25
"""The data's text must be so many times as long as the DOM's."""
MORE_LETTERS = 100
MUCH_TEXT = 900
"""Letters from which the DOM's text is an article of its own, which the data's must share."""
LITTLE_TEXT = 200
"""Letters from which a text in the DOM is better than one that lost its paragraphs."""
LEAST_BLOCK = 25
"""Letters of a block that tell where a text stands."""

_TEMPLATES = ("text/template", "text/html", "text/x-template", "text/x-handlebars", "text/plain", "x-tmpl")
_PLACES = (
    "article,main,[role=main],#__next,#__nuxt,#app,#root,#___gatsby,#svelte,#react-root,#main,#content,"
    "[data-reactroot],astro-island"
)
_HEADS = frozenset(("header", "hgroup"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """The text that was selected from the DOM. blocks: text and text nodes of each block."""

    title: str
    description: str
    url: str
    blocks: Sequence[tuple[str, tuple[Node, ...]]]


def article_of_data(dom: Dom, shown: ShownText) -> Candidate | None:
    """Return the page's article from its data if it is clearly longer than what the DOM shows, else None."""
    if sum(len(text) for text, _ in shown.blocks) > LONGEST_READ:
        return None
    names = [letters_only(text) for text, _ in shown.blocks]
    letters = "".join(names)
    least = math.ceil(max(MORE * len(letters), len(letters) + MORE_LETTERS))
    sources = _sources(dom, least, len(letters) < MUCH_TEXT)
    found = own_article(sources, lambda: page_of(dom, shown, names), least)
    if found is None or (found.glued and len(letters) > LITTLE_TEXT):
        return None
    shared = sum(len(name) for name in names if name in found.letters)
    if len(letters) >= MUCH_TEXT and 2 * shared < len(letters):
        return None
    return found


def page_of(dom: Dom, shown: ShownText, names: Sequence[str]) -> Page:
    """Return what is known of a page. names: the letters of each block."""
    heads = [shown.title, *(h.text for h in list(dom.elements(("title", "h1")))[:6])]
    named = tuple(name for head in heads if len(name := letters_only(head)) > 3)
    return Page(
        titles=named,
        url=shown.url,
        openings=(letters_only(shown.description), max(names, key=len, default="")),
        text="".join(names),
    )


def _sources(dom: Dom, least: int, with_markup: bool) -> Iterator[HeldValue]:
    """Yield the page's data; with_markup: and the HTML in its templates.

    least: characters that data must have to be read.
    """
    yield from held_data(dom, least)
    if with_markup:
        yield from held_markup(dom, least)


def held_markup(dom: Dom, least: int = 0, only: DataHolder | None = None) -> Iterator[HeldValue]:
    """Yield the HTML of a page's templates, each under the key MARKUP. least: characters; only: of these."""
    for element in dom.elements(("script", "template", "textarea", "noscript")):
        tag = element.tag
        kind = (element.attr("type") or "").casefold() if tag == "script" else ""
        if tag == "script" and kind not in _TEMPLATES:
            continue
        holder = DataHolder("template", f'script[type="{kind}"]' if kind else tag)
        if only not in (None, holder):
            continue
        html = element.inner_html if tag in ("template", "noscript") else element.text
        if len(html) > 300 and len(html) >= least and "<" in html:
            yield holder, {MARKUP: html}


def insert_article(dom: Dom, article: Dom, found: Candidate, shown: ShownText) -> Element:
    """Put an article's tree into a page, in place of the blocks that it repeats, and return its element.

    article: the parsed HTML of the candidate.
    """
    whole = Element("article")
    if not any(True for _ in dom.elements("h1")) and shown.title:
        head = Element("h1")
        head.append(Text(shown.title))
        whole.append(head)
    content = Element("div")
    for child in list(article.body):
        content.append(child)
    whole.append(content)
    repeated = [
        nodes
        for text, nodes in shown.blocks
        if len(name := letters_only(text)) >= LEAST_BLOCK and name in found.letters
    ]
    if repeated and _insert_before(repeated[0][0], whole):
        for nodes in repeated:
            for node in nodes:
                node.extract()
        return whole
    _append_to(_place(dom), whole)
    return whole


def _insert_before(node: Node, whole: Element) -> bool:
    """Put the article before the block that a text node stands in."""
    block = node.parent
    while isinstance(block, Element) and block.tag in _INLINE:
        block = block.parent
    if not isinstance(block, Element) or block.tag in ("body", "html"):
        return False
    block.insert_before(whole)
    return True


_INLINE = frozenset("a abbr b bdi cite code em font i mark q s small span strong sub sup u time".split())


def _place(dom: Dom) -> Element:
    """Return the element that scripts would fill: the first article, main or root of an application."""
    return next(iter(dom.select(_PLACES)), dom.body)


def _append_to(place: Element, whole: Element) -> None:
    """Put the article behind the headline of a place, else before its footer, else at its end."""
    head = place.find("h1")
    while head is not None and isinstance(head.parent, Element) and head.parent.tag in _HEADS:
        head = head.parent
    if head is not None:
        head.insert_after(whole)
        return
    footer = next((c for c in place if isinstance(c, Element) and c.tag == "footer"), None)
    if footer is not None:
        footer.insert_before(whole)
    else:
        place.append(whole)


def parse_article(html: str) -> Dom:
    """Parse the HTML of a candidate as a page of its own."""
    return parse("<!doctype html><body>" + html)
