"""Reading of a page by its site's profile, without features and networks, and the checks it must pass."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import turbohtml

from unabridged.extraction.article import assemble, base_of, feed_claims, limit_size, with_key_points
from unabridged.extraction.body.boilerplate import promotions
from unabridged.extraction.body.build import build_body
from unabridged.extraction.completeness.facts import (
    NEAR_AFTER,
    NEAR_BEFORE,
    JudgedText,
    SiteLength,
    is_shown,
)
from unabridged.extraction.completeness.judge import judge
from unabridged.extraction.html.builders import figure, to_html
from unabridged.extraction.html.dom import Dom, Element, Node, Text, parse, text_start
from unabridged.extraction.html.links import without_dangling_anchors
from unabridged.extraction.html.media import Picture
from unabridged.extraction.html.render import Rendering, render
from unabridged.extraction.html.sanitizer import sanitise
from unabridged.extraction.metadata.language import language_of
from unabridged.extraction.metadata.read import Metadata, PageFacts, graph_of, metadata_of
from unabridged.extraction.metadata.scan import mark_body, scan_head
from unabridged.extraction.multipage.parts import PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.selection.adjustments.adjust import is_standfirst
from unabridged.extraction.selection.adjustments.comment_headings import is_comments_heading
from unabridged.extraction.selection.adjustments.repeats import without_repeats
from unabridged.extraction.selection.blocks import lay_out
from unabridged.extraction.selection.lines import heading_key, line_key
from unabridged.extraction.sites.data_places import known_text, with_data_facts
from unabridged.extraction.sites.next_pages import known_next
from unabridged.extraction.sites.outcome import LONGEST, SHORTEST
from unabridged.extraction.sites.outside import outside_characters
from unabridged.extraction.sites.pictures import known_picture
from unabridged.extraction.sites.places import disagreement, known_fields
from unabridged.extraction.sites.profile import SiteProfile, Template
from unabridged.extraction.sites.selectors import outermost
from unabridged.extraction.sites.skeleton import LEAST_PRESENT, present, skeleton_of
from unabridged.extraction.structure.hidden import remove_hidden_text
from unabridged.extraction.structure.key_points import take_key_points
from unabridged.extraction.structure.normalise import normalise
from unabridged.extraction.structure.notes.footnotes import mark_notes, take_notes
from unabridged.extraction.structure.page_data.data_articles import Candidate
from unabridged.extraction.structure.page_data.page_state import ShownText, parse_article
from unabridged.extraction.structure.page_data.templates import attach_templates
from unabridged.model import Article
from unabridged.text.words import letters_only

MAX_BODY = 3_000_000
"""Maximum characters of a body's HTML."""
MARGIN = 0.8
"""A text may be so much shorter than the shortest that the template was learnt from, and as much longer."""

STRAY = 0.02
"""Share of a text that may stand outside the body more than on the pages that the template was learnt
from."""
LEAST_STRAY = 60
"""Characters that may, however long the text is."""

NO_TEMPLATE = "the page has no known template"
NO_BODY = "the body matches nothing"
OUTSIDE = "much text stands outside the body"
LENGTH = "the text is unusually {kind}: {length} characters, the site's median is {median}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page read by its profile. part: None if nothing could be read. failed: checks that failed, in words.

    length: characters of the text, in medians of the template; 0 for none. commented: comments below the text
    were left out.
    """

    part: PagePart | None = None
    failed: tuple[str, ...] = ()
    length: float = 0.0
    commented: bool = False

    @property
    def passed(self) -> bool:
        return self.part is not None and not self.failed


def read_known(request: ExtractRequest, profile: SiteProfile) -> Reading:
    """Read a page by its site's profile. Raises NotAPage as `parse` does."""
    dom = parse(request.html, content_type=request.content_type)
    if dom.notes or dom.broken_off:
        return Reading(failed=("the page was cut or repaired",))
    template = _template_of(profile, dom)
    if template is None:
        return Reading(failed=(NO_TEMPLATE,))
    attach_templates(dom, list(dom.elements("template")))
    roots = body_elements(template, dom)
    if not roots and template.data is None:
        return Reading(failed=(NO_BODY,))
    page, metadata = _metadata(request, dom, template)
    failed = [said] if (said := disagreement(page, metadata)) else []
    if metadata.free is False:
        failed.append("the page declares that it is not free")
    base = base_of(dom, request.url or metadata.canonical_url)
    next_page = known_next(template.next_pages, dom, base) if base else None
    found = _text_of_data(template, dom, roots, metadata, base) if next_page is None else None
    if found is None and not roots:
        return Reading(failed=(NO_BODY, *failed))
    if found is not None and template.data is not None:
        metadata = with_data_facts(metadata, found, template.data)
    following = _following(roots[-1]) if found is None else ""
    own, above = _own_document(found, roots, metadata)
    written = _write(template, own, above, metadata, base)
    if not written.views.text:
        return Reading(failed=(NO_BODY, *failed))
    if said := _unusual_length(template, len(written.views.text)):
        failed.append(said)
    article = _article(request, dom, template, written, base, following)
    if _has_stray_text(template, dom, len(article.text)):
        failed.append(OUTSIDE)
    return Reading(
        part=PagePart(article=article, next_page=next_page),
        failed=tuple(failed),
        length=round(len(article.text) / max(1, template.characters), 3),
        commented=written.commented,
    )


def usual_length(template: Template) -> SiteLength:
    """Return the lengths of a template's texts, for judging completeness."""
    return SiteLength(pages=template.pages, median=template.characters, shortest=template.shortest)


def _unusual_length(template: Template, length: int) -> str:
    """Return in words that a text is much shorter or longer than those of its template, "" if it is not."""
    shortest = min(SHORTEST * template.characters, MARGIN * template.shortest)
    longest = max(LONGEST * template.characters, template.longest / MARGIN)
    if shortest <= length <= longest:
        return ""
    kind = "short" if length < shortest else "long"
    return LENGTH.format(kind=kind, length=length, median=template.characters)


def _has_stray_text(template: Template, dom: Dom, length: int) -> bool:
    """Say whether a page whose body was taken out still holds more text than the template's pages do."""
    if template.outside is None or template.data is not None:
        return False
    tolerated = max(template.stray, LEAST_STRAY) + STRAY * length
    known = (*template.outside, *(item.selector for item in template.strip))
    return outside_characters(dom, known) > tolerated


def _template_of(profile: SiteProfile, dom: Dom) -> Template | None:
    """Return the template whose skeleton the page has; of several the one that it has the most of."""
    skeleton = skeleton_of(dom)
    shares = [(present(template.skeleton, skeleton), template) for template in profile.templates]
    share, template = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return template if share >= LEAST_PRESENT else None


def body_elements(template: Template, dom: Dom) -> list[Element]:
    """Return the elements of a page that hold its article, in document order."""
    found = outermost(dom.select(",".join(template.body))) if template.body else []
    if len(found) > 1 and template.strip:
        left_out = set(_stripped(template, dom))
        found = [one for one in found if left_out.isdisjoint(one.ancestors)] or found
    return [element for element in found if element.text.strip() or element.find("img") is not None]


def _metadata(request: ExtractRequest, dom: Dom, template: Template) -> tuple[PageFacts, Metadata]:
    """Read the metadata from the template's places; what has no place is searched for."""
    scan = scan_head(dom)
    page = PageFacts(
        dom=dom, scan=scan, graph=graph_of(scan), url=request.url, entry=request.entry, now=request.now
    )
    hint = request.entry.language if request.entry else None
    known = replace(
        known_fields(page, template, language_of(scan, page.graph, hint)[0]),
        picture=known_picture(page, template.place_of("lead_image")),
    )
    if not known.all_known:
        mark_body(scan, dom)
    return page, metadata_of(page, known)


def _text_of_data(
    template: Template, dom: Dom, roots: list[Element], metadata: Metadata, base: str | None
) -> Candidate | None:
    """Return the article of the page's data if the template has its place and it is the better text.

    Where the pages show their texts themselves, only a page that shows unusually little is compared.
    """
    place = template.data
    if place is None or metadata.free is False:
        return None
    texts = [element.text for element in roots]
    enough = sum(map(len, texts)) >= SHORTEST * template.characters
    if enough and not place.used:
        return None
    blocks = [(text, ()) for text in texts]
    shown = ShownText(title=metadata.title, description=metadata.summary, url=base or "", blocks=blocks)
    return known_text(place, dom, shown)


def _own_document(
    found: Candidate | None, roots: list[Element], metadata: Metadata
) -> tuple[Dom, list[Element]]:
    """Return a document that holds only the article, and what of it stood above the body's elements.

    found: the article of the page's data; without one the elements are taken out of their page.
    """
    if found is not None:
        return parse_article(found.html), []
    above = _above(roots[0], metadata.summary)
    return _document_of(roots, above), above


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A body as written: clean HTML, its views, and the metadata with what the body adds to them.

    commented: comments below the text were left out.
    """

    metadata: Metadata
    html: str
    views: Rendering
    commented: bool


def _write(
    template: Template, own: Dom, above: list[Element], metadata: Metadata, base: str | None
) -> _Written:
    """Write the body of a page from the document that holds only its article."""
    for element in (*_stripped(template, own, pictures=False), *promotions(own.body)):
        if element.parent is not None:
            element.extract()
    footnotes = mark_notes(own)
    normalise(own)
    metadata = with_key_points(metadata, take_key_points(own))
    silent = _captions(template, own, above)
    chosen, commented = _text_nodes(template, own)
    kept = [node for node in chosen if node not in silent]
    notes = take_notes(footnotes, frozenset(kept)) if footnotes else None
    hidden = remove_hidden_text(own)
    kept = [node for node in kept if node not in hidden]
    body = build_body(kept, base=base, title=metadata.title, authors=metadata.authors, notes=notes)
    pieces, _ = limit_size(body.pieces, MAX_BODY)
    pictured = any(piece.html.startswith("<figure") for piece in pieces[:3])
    if template.begins_with_picture and metadata.lead_image and pieces and not pictured:
        pieces.insert(0, figure(Picture(url=metadata.lead_image)))
    html = sanitise(without_dangling_anchors(to_html(pieces)))
    return _Written(metadata=metadata, html=html, views=render(html), commented=commented)


def _following(last: Element) -> str:
    """Return the beginning of the page's text behind an element."""
    found: list[str] = []
    size = 0
    for node in islice(last.following, MOST_FOLLOWING):
        if type(node) is Text and is_shown(node):
            found.append(node.data)
            size += len(node.data)
            if size >= NEAR_AFTER:
                break
    return " ".join(" ".join(found)[:NEAR_AFTER].split())


MOST_FOLLOWING = 1_000
"""Nodes behind the body that are looked at."""


def _article(
    request: ExtractRequest,
    dom: Dom,
    template: Template,
    written: _Written,
    base: str | None,
    following: str,
) -> Article:
    """Judge the written text, and assemble the article. following: the page's text behind the body."""
    text = JudgedText(
        dom=dom,
        metadata=written.metadata,
        text=written.views.text,
        url=request.url or written.metadata.canonical_url,
        signals={"page_links": 0.0},
        following=f"{written.views.text[-NEAR_BEFORE:]} {following}",
        known=True,
        feed=feed_claims(request.entry, base),
        usual=usual_length(template),
    )
    return assemble(
        written.metadata,
        written.html,
        written.views,
        url=request.url,
        completeness=judge(text),
        body_from="learnt",
    )


def _captions(template: Template, own: Dom, above: list[Element]) -> set[Node]:
    """Return the nodes of captions, and of pictures to leave out: their text is not written."""
    found = [element for element in above if element.tag == "figure"]
    found += [element for element in own.select(_CAPTIONS) if len(element.text) < LONGEST_STANDFIRST]
    return {
        node for element in (*found, *_stripped(template, own, pictures=True)) for node in element.descendants
    }


def _stripped(template: Template, dom: Dom, *, pictures: bool | None = None) -> list[Element]:
    """Return the elements to leave out. pictures: those that hold pictures, or those that hold none."""
    selectors = [item.selector for item in template.strip if pictures is None or item.pictures is pictures]
    return dom.select(",".join(selectors)) if selectors else []


_CAPTIONS = '[class*="caption"],[class*="credit"]'


MOST_ABOVE = 2
"""Pictures above the body that are taken with it."""
LONGEST_STANDFIRST = 600
"""Characters."""


def _document_of(roots: list[Element], above: list[Element]) -> Dom:
    """Return a document that holds only these elements, as one article."""
    document = turbohtml.parse("<!doctype html><body><article></article></body>", positions=False)
    own = Dom(document=document, source="")
    place = next(own.elements("article"))
    for element in (*above, *roots):
        element.extract()
        place.append(element)
    return own


def _above(root: Element, summary: str) -> list[Element]:
    """Return the figures and the standfirst that stand above the body in the article around it.

    The standfirst is the element whose text is the page's own summary, or its beginning.
    """
    around = root.closest("article,main")
    if around is None or around == root:
        return []
    figures: list[Element] = []
    standfirst: list[Element] = []
    wanted, begins = letters_only(summary), letters_only(text_start(root, 2 * LONGEST_STANDFIRST))
    for element in around.iter_elements({*_ABOVE, root.tag}):
        if element == root:
            break
        if element.tag != "figure":
            text = letters_only(text_start(element, LONGEST_STANDFIRST))
            if wanted and is_standfirst(text, wanted) and text not in begins:
                standfirst = [element]
        elif element.closest("aside,nav,footer") is None:
            figures.append(element)
    return [*standfirst, *figures[-MOST_ABOVE:]]


_ABOVE = ("figure", "p", "h2", "h3")


def _text_nodes(template: Template, own: Dom) -> tuple[list[Node], bool]:
    """Return the text nodes of the body without what the template leaves out, and without copies.

    And whether comments below it were left out.
    """
    layout = lay_out(own)
    kept, commented = _kept_blocks(template, layout.texts)
    if template.paragraphs_first:
        kept = from_paragraph(kept, [len(text) for text in layout.texts])
    return [node for block in without_repeats(layout, kept) for node in layout.nodes[block]], commented


def _kept_blocks(template: Template, texts: Sequence[str]) -> tuple[list[int], bool]:
    """Return the blocks above the article's end without repeated lines, and whether comments follow."""
    repeated = frozenset(line.letters for line in template.lines)
    beginnings = tuple(line.letters for line in template.beginnings)
    ends = frozenset(line.letters for line in template.ends)
    if not (repeated or beginnings or ends):
        return [*range(len(texts))], False
    found: list[int] = []
    for block, text in enumerate(texts):
        line = line_key(text)
        if found and heading_key(line) in ends:
            return found, is_comments_heading(text)
        if line not in repeated and not line.startswith(beginnings):
            found.append(block)
    return found, False


PARAGRAPH = 80
"""Characters from which a block is a paragraph."""


def from_paragraph(blocks: list[int], lengths: Sequence[int]) -> list[int]:
    """Return some blocks from the first paragraph on, all of them if there is none.

    lengths: of all blocks of the page, in characters.
    """
    first = next((place for place, block in enumerate(blocks) if lengths[block] >= PARAGRAPH), 0)
    return blocks[first:]
