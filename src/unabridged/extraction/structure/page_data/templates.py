"""Parts of a page that stand in templates: declarative shadow roots, segments of streamed React pages.

They are put where a browser shows them.
"""

from collections.abc import Iterable, Iterator, Sequence

from turbohtml import Comment

from unabridged.extraction.html.dom import SHADOW, Dom, Element, Node
from unabridged.text.patterns import lazy_regex

MOST_TEMPLATES = 200
"""Maximum templates of a page that are put in place; later ones stay templates."""
MOST_FALLBACK = 500
"""Maximum nodes of a placeholder that are removed for a streamed segment."""
_MOVED = lazy_regex(r"\$R[CSX]\(\s*\"([^\"]{1,40})\"\s*,\s*\"([^\"]{1,40})\"")


def attach_templates(dom: Dom, templates: Sequence[Element]) -> bool:
    """Put shadow roots into their hosts, streamed segments into their places; say whether there were any."""
    shadows = any(_is_shadow(template) for template in templates)
    if shadows:
        for root in _shadow_roots(templates):
            _attach(root)
    segments = any((template.attr("id") or "")[:2] in ("B:", "P:") for template in templates)
    if segments:
        _move_segments(dom)
    return shadows or segments


def _is_shadow(template: Element) -> bool:
    return template.attr(SHADOW) is not None


def _shadow_roots(templates: Iterable[Element]) -> Iterator[Element]:
    """Yield the shadow roots, an outer one before those inside it."""
    waiting = [template for template in templates if _is_shadow(template)][::-1]
    for _ in range(MOST_TEMPLATES):
        if not waiting:
            return
        template = waiting.pop()
        content = _content(template)
        inner = [
            e
            for node in content
            if isinstance(node, Element)
            for e in node.iter_elements("template", include_self=True)
        ]
        waiting += [e for e in inner if _is_shadow(e)][::-1]
        yield template


def _content(template: Element) -> list[Node]:
    """Return the nodes of a template, which the parser puts into a fragment of its own."""
    return [child for node in template for child in (node if not isinstance(node, Element) else (node,))]


def _attach(template: Element) -> None:
    """Replace a host's children by its shadow root, with the children in the slots that ask for them."""
    host = template.parent
    if not isinstance(host, Element):
        return
    content = _content(template)
    template.extract()
    light = list(host)
    slots: dict[str, Element] = {}
    for node in content:
        if isinstance(node, Element):
            for slot in node.iter_elements("slot", include_self=True):
                slots.setdefault(slot.attr("name") or "", slot)
    for node in content:
        host.append(node)
    for node in light:
        name = (node.attr("slot") or "") if isinstance(node, Element) else ""
        place = slots.get(name)
        if place is not None:
            if place.attr("data-filled") is None:
                place.clear()
                place.attrs["data-filled"] = "1"
            place.append(node)
        elif slots:
            node.extract()  # a browser shows no child that no slot asks for
        else:
            host.append(node)
    for slot in slots.values():
        if slot.parent is not None and len(slot):
            slot.unwrap()


def _move_segments(dom: Dom) -> None:
    """Move the hidden segments of a streamed page to their placeholders."""
    moves = [
        move
        for script in dom.elements("script")
        if script.attr("src") is None and "$R" in (text := script.text)
        for move in _MOVED.findall(text)
    ][:MOST_TEMPLATES]
    places = {id_: e for e in dom.select("[id]") if (id_ := e.attr("id") or "")[:2] in ("B:", "P:", "S:")}
    for one, other in moves or [(name, f"S:{name[2:]}") for name in places if name[0] == "B"]:
        place, segment = (one, other) if one[:1] in "BP" else (other, one)
        target, source = places.get(place), places.get(segment)
        if target is None or source is None or target in source.ancestors or source in target.ancestors:
            continue
        if place[0] == "B":
            _remove_fallback(target)
        target.replace_with(*list(source))
        source.extract()


def _remove_fallback(place: Element) -> None:
    """Remove what is shown until a segment arrives: the nodes up to the comment that ends the boundary."""
    found: list[Node] = []
    for node in place.next_siblings:
        if isinstance(node, Comment) and node.data.strip() == "/$":
            for waiting in found:
                waiting.extract()
            return
        found.append(node)
        if len(found) > MOST_FALLBACK:
            return
