"""Redesigns of a page: what publishers do to their templates, done to the element that holds the article.

Each function changes an lxml tree in place. `mutated` parses a page, applies one and writes it again;
"as it was" does nothing else, so that figures of the others compare with it.
"""

from collections.abc import Callable, Mapping, Sequence

import lxml.html
from lxml.html import HtmlElement

from unabridged.extraction.sites.profile import Template
from unabridged.extraction.sites.selectors import as_xpath

PROMOTION = "Our weekend letter brings you the ten best stories of the week, free of charge. Subscribe here."
SPARED = ("script", "style", "head", "meta", "link", "title")

Mutation = Callable[[Sequence[HtmlElement]], None]


def bodies_of(tree: HtmlElement, template: Template) -> list[HtmlElement]:
    """Return the elements that a template's body selectors match, without those inside others."""
    found = [one for selector in template.body for one in tree.xpath(as_xpath(selector))]
    return [one for one in found if not any(above in found for above in one.iterancestors())]


def as_it_was(bodies: Sequence[HtmlElement]) -> None:
    """Change nothing."""


def renamed_body(bodies: Sequence[HtmlElement]) -> None:
    """Give the body another class and id."""
    for body in bodies:
        _rename(body, "copy")


def renamed_all(bodies: Sequence[HtmlElement]) -> None:
    """Give every element another class and id."""
    for element in bodies[0].getroottree().iter():
        if isinstance(element.tag, str):
            _rename(element, "v2")


def hashed(bodies: Sequence[HtmlElement]) -> None:
    """Add the hash of a release to every class, as build tools do."""
    for element in bodies[0].getroottree().iter():
        if isinstance(element.tag, str) and (names := element.get("class")):
            element.set("class", " ".join(f"{name}_x7Kq2" for name in names.split()))


def wrapped(bodies: Sequence[HtmlElement]) -> None:
    """Put two new elements around the body."""
    for body in bodies:
        outer, inner = _new("div", "layout-grid"), _new("div", "layout-column")
        outer.tail, body.tail = body.tail, None
        body.addprevious(outer)
        outer.append(inner)
        inner.append(body)


def moved(bodies: Sequence[HtmlElement]) -> None:
    """Move the body to the end of the page, into a section of its own."""
    home = _new("section", "reading-pane")
    _page_body(bodies[0]).append(home)
    for body in bodies:
        body.tail = None
        home.append(body)


def emptied(bodies: Sequence[HtmlElement]) -> None:
    """Leave the body empty, and put its content into a new element behind it."""
    for body in bodies:
        _into_new(body, list(body), behind=True)
        body.text = None


def teaser_left(bodies: Sequence[HtmlElement]) -> None:
    """Leave the first two parts in the body; the rest stands in a new element behind it."""
    _content_moved(bodies, lambda count: min(2, count - 1))


def half_moved(bodies: Sequence[HtmlElement]) -> None:
    """Leave half of the parts in the body; the others stand in a new element at the end of the page."""
    _content_moved(bodies, lambda count: count // 2, behind=False)


def half_behind(bodies: Sequence[HtmlElement]) -> None:
    """Leave half of the parts in the body; the others stand in a new element behind it."""
    _content_moved(bodies, lambda count: count // 2)


def split(bodies: Sequence[HtmlElement]) -> None:
    """Split the body into three of the same class, with an advertisement between them."""
    body = max(bodies, key=lambda one: _size(one))
    parts = _parts(body)
    for third in (parts[2 * len(parts) // 3 :], parts[len(parts) // 3 : 2 * len(parts) // 3]):
        if third:
            new = _into_new(body, third, behind=True, like=body)
            new.addprevious(_with_text("div", "advert", "Advertisement"))


def promoted(bodies: Sequence[HtmlElement]) -> None:
    """Put five promotions between the paragraphs."""
    body = max(bodies, key=lambda one: _size(one))
    parts = _parts(body)
    for number, part in enumerate(parts[:: max(1, len(parts) // 5)][:5]):
        part.addnext(_with_text("div", f"promo-{'abcde'[number]}", PROMOTION))


def brief(bodies: Sequence[HtmlElement]) -> None:
    """Leave only the first part of the body: a brief."""
    for body in bodies:
        for part in _parts(body)[1:]:
            part.drop_tree()


def gallery(bodies: Sequence[HtmlElement]) -> None:
    """Put twelve pictures with short captions in the place of the text."""
    for body in bodies:
        for part in list(body):
            body.remove(part)
        body.text = None
        for number in range(12):
            figure = _new("figure", "slide")
            figure.append(lxml.html.Element("img", src=f"/pictures/{number}.jpg"))
            figure.append(_with_text("figcaption", "caption", f"The square at noon, picture {number + 1}."))
            body.append(figure)


def table(bodies: Sequence[HtmlElement]) -> None:
    """Put a table of results in the place of all but the first part."""
    for body in bodies:
        for part in _parts(body)[1:]:
            part.drop_tree()
        found = _new("table", "results")
        for number in range(30):
            row = lxml.html.Element("tr")
            for cell in (f"Place {number + 1}", f"Rower {number}", f"{7 + number * 0.1:.1f} minutes"):
                row.append(_with_text("td", "", cell))
            found.append(row)
        body.append(found)


REDESIGNS: Mapping[str, Mutation] = {
    "as it was": as_it_was,
    "body renamed": renamed_body,
    "all renamed": renamed_all,
    "classes hashed": hashed,
    "new wrapper": wrapped,
    "body moved": moved,
    "body emptied": emptied,
    "only a teaser left": teaser_left,
    "half behind": half_behind,
    "half moved": half_moved,
    "split in three": split,
    "promotions": promoted,
}
ODD_PAGES: Mapping[str, Mutation] = {"brief": brief, "gallery": gallery, "table": table}


def mutated(html: bytes, template: Template, mutation: Mutation) -> bytes | None:
    """Return a page with its template changed; None if the body's element is not on it."""
    tree = lxml.html.document_fromstring(html.decode("utf-8", "replace"))
    bodies = bodies_of(tree, template)
    if not bodies:
        return None
    mutation(bodies)
    return lxml.html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")


def _rename(element: HtmlElement, suffix: str) -> None:
    for name in ("class", "id"):
        if given := element.get(name):
            element.set(name, " ".join(f"{one}-{suffix}" for one in given.split()))
    for name in ("itemprop", "role"):
        element.attrib.pop(name, None)
    if element.tag in ("article", "main"):
        element.tag = "div"


def _page_body(element: HtmlElement) -> HtmlElement:
    found: HtmlElement = element.xpath("/html/body")[0]
    return found


def _new(tag: str, name: str) -> HtmlElement:
    return lxml.html.Element(tag, {"class": name} if name else {})


def _with_text(tag: str, name: str, text: str) -> HtmlElement:
    found = _new(tag, name)
    found.text = text
    return found


def _size(element: HtmlElement) -> int:
    return len(str(element.xpath("string()")))


def _parts(body: HtmlElement) -> list[HtmlElement]:
    """Return the parts of an article: the children of the element whose children hold most of its text."""
    while True:
        inner = [one for one in body if isinstance(one.tag, str) and one.tag not in SPARED]
        whole = _size(body)
        large = next((one for one in inner if _size(one) > 0.8 * whole), None)
        if large is None or not len(large):
            return inner
        body = large


def _content_moved(bodies: Sequence[HtmlElement], kept: Callable[[int], int], *, behind: bool = True) -> None:
    body = max(bodies, key=lambda one: _size(one))
    parts = _parts(body)
    if len(parts) > 1:
        _into_new(body, parts[kept(len(parts)) :], behind=behind)


def _into_new(
    body: HtmlElement, parts: Sequence[HtmlElement], *, behind: bool, like: HtmlElement | None = None
) -> HtmlElement:
    """Move parts of a body into a new element, behind the body or to the end of the page."""
    new = _new(str(like.tag), like.get("class", "")) if like is not None else _new("div", "further-copy")
    for name in ("id", "itemprop", "role"):
        if like is not None and (given := like.get(name)):
            new.set(name, given)
    if not parts and body.text:
        new.text = body.text
    for part in parts:
        new.append(part)
    if behind and body.getparent() is not None:
        tail, body.tail = body.tail, None
        body.addnext(new)
        new.tail = tail
    else:
        _page_body(body).append(new)
    return new
