"""Pages that a site is learnt from, as plain values: their blocks, and which of them are the article."""

from dataclasses import dataclass, field
from datetime import datetime

from unabridged.extraction.article import base_of, insert_data, kept_nodes, shown_text
from unabridged.extraction.body.build import build_body
from unabridged.extraction.html.dom import Dom, Element, parse
from unabridged.extraction.html.media import EMBED_TAGS, MEDIA_TAGS
from unabridged.extraction.metadata.other_pages import names_comments
from unabridged.extraction.metadata.read import Metadata, PageFacts, graph_of, metadata_of
from unabridged.extraction.metadata.scan import scan_page
from unabridged.extraction.selection.adjustments.comment_headings import is_comments_heading
from unabridged.extraction.selection.blocks import Layout
from unabridged.extraction.selection.lines import line_key
from unabridged.extraction.selection.select import BlockSelection, select
from unabridged.extraction.sites.data_places import DATA_BODY, DataText, data_texts
from unabridged.extraction.sites.next_pages import NextLink, links_onward
from unabridged.extraction.sites.outside import LongText, long_texts
from unabridged.extraction.sites.pictures import picture_places, with_body_picture
from unabridged.extraction.sites.places import PlaceTexts, texts_of
from unabridged.extraction.sites.selectors import selectors_of
from unabridged.extraction.sites.skeleton import skeleton_of
from unabridged.extraction.structure.hidden import remove_hidden_text
from unabridged.extraction.structure.normalise import normalise
from unabridged.extraction.structure.page_data.page_state import article_of_data
from unabridged.extraction.structure.page_data.templates import attach_templates

LONG_BLOCK = 60
"""Characters of a block that tells one article from another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An element around blocks. selectors: its names; first, end: the range of its blocks.

    pictures: it holds a picture or a player, or stands beside one in a small element, as a caption does.
    """

    selectors: tuple[str, ...]
    first: int
    end: int
    pictures: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage:
    """A page of a site.

    metadata: of the general extraction. Blocks: lengths (characters), lines (`line_key` of their text, "" for
    texts too long to be boilerplate), texts of those, kept (in the article). places: what stands in the
    places where metadata may stand. begins_with_picture: so does its article.
    pictures: the address in each place where the lead image may stand. data: texts of the page's data.
    next_links: links that may lead to page 2 of its article. long_texts: all of the page
    as it was.
    """

    url: str
    metadata: Metadata
    lengths: tuple[int, ...]
    lines: tuple[str, ...]
    texts: tuple[str, ...]
    kept: frozenset[int]
    containers: tuple[Container, ...]
    skeleton: frozenset[str]
    places: PlaceTexts
    pictures: PlaceTexts = field(default_factory=dict)
    data: tuple[DataText, ...] = ()
    next_links: tuple[NextLink, ...] = ()
    long_texts: tuple[LongText, ...] = ()
    begins_with_picture: bool = False

    @property
    def characters(self) -> int:
        """Characters of the article."""
        return sum(self.lengths[block] for block in self.kept)

    @property
    def long_lines(self) -> frozenset[str]:
        """The keys of the article's longer blocks."""
        return frozenset(
            self.lines[block] for block in self.kept if self.lengths[block] > LONG_BLOCK and self.lines[block]
        )


def sample_page(
    html: bytes | str,
    url: str | None = None,
    *,
    content_type: str | None = None,
    now: datetime | None = None,
) -> SamplePage:
    """Read a page the general way, and note where things stand on it. Raises NotAPage as `parse` does."""
    dom = parse(html, content_type=content_type)
    skeleton = skeleton_of(dom)
    scan = scan_page(dom)
    page = PageFacts(dom=dom, scan=scan, graph=graph_of(scan), url=url, now=now)
    metadata = metadata_of(page)
    places = texts_of(page)
    attach_templates(dom, list(dom.elements("template")))
    long = long_texts(dom)
    pictures = picture_places(page, metadata)
    base = base_of(dom, url)
    next_links = links_onward(dom, base)
    normalise(dom)
    selection = select(dom, title=metadata.title, description=metadata.summary, url=base)
    data, inserted, selection = _with_data(dom, selection, metadata, base)
    hidden = remove_hidden_text(dom)
    kept = [node for node in kept_nodes(selection) if node not in hidden]
    pieces = build_body(kept, base=base, title=metadata.title, authors=metadata.authors).pieces
    layout = selection.layout
    lines = tuple(map(line_key, layout.texts))
    return SamplePage(
        url=url or "",
        metadata=metadata,
        lengths=tuple(map(len, layout.texts)),
        lines=lines,
        texts=tuple(text[:120] for text in layout.texts),
        kept=_without_comments(layout, frozenset(selection.indices)),
        containers=_containers(layout, inserted),
        data=data,
        next_links=next_links,
        skeleton=skeleton,
        places=places,
        pictures=with_body_picture(pictures, pieces),
        long_texts=long,
        begins_with_picture=bool(pieces) and pieces[0].html.startswith("<figure"),
    )


def _without_comments(layout: Layout, kept: frozenset[int]) -> frozenset[int]:
    """Return the kept blocks without the readers' comments, if an article stands above them."""
    comments: set[int] = set()
    for place, element in enumerate(layout.elements):
        blocks = range(layout.first[place], layout.end[place])
        if names_comments(element):
            comments.update(blocks)
        elif len(blocks) == 1 and is_comments_heading(layout.texts[blocks[0]]):
            comments.update(range(blocks.start, layout.end[layout.parents[place]]))
    rest = kept - comments
    above = sum(len(layout.texts[block]) for block in rest if block < min(comments, default=0))
    return rest if above >= LONG_BLOCK else kept


def _with_data(
    dom: Dom, selection: BlockSelection, metadata: Metadata, base: str | None
) -> tuple[tuple[DataText, ...], Element | None, BlockSelection]:
    """Return the texts of a page's data, and as the general extraction does, the element of the one that it
    puts into the page, and the selection after that."""
    if metadata.free is False:
        return (), None, selection
    shown = shown_text(selection, metadata, base)
    found = article_of_data(dom, shown)
    texts = data_texts(dom, shown, found)
    if found is None:
        return texts, None, selection
    inserted, _ = insert_data(dom, found, shown)
    fuller = select(dom, title=metadata.title, description=metadata.summary, url=base)
    more = fuller.signals.get("words", 0.0) > selection.signals.get("words", 0.0)
    return texts, inserted, fuller if more else selection


def _containers(layout: Layout, inserted: Element | None) -> tuple[Container, ...]:
    return tuple(
        Container(
            selectors=(DATA_BODY,) if element == inserted else selectors_of(element),
            first=first,
            end=end,
            pictures=_has_pictures(element),
        )
        for element, first, end in zip(layout.elements, layout.first, layout.end, strict=True)
    )


_PICTURES = sorted({*MEDIA_TAGS, *EMBED_TAGS, "figure", "figcaption"})
LONGEST_CAPTION = 600
"""Characters of an element that may be a picture with its caption."""


def _has_pictures(element: Element) -> bool:
    if next(element.iter_elements(_PICTURES, include_self=True), None) is not None:
        return True
    around = element.parent
    if not isinstance(around, Element) or len(around.text) > LONGEST_CAPTION:
        return False
    return next(around.iter_elements(_PICTURES, include_self=True), None) is not None
