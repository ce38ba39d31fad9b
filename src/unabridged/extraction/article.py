"""Extraction of an article from a page: the steps, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from unabridged.cleaning import clean_article
from unabridged.decompress import DecodedTooLarge, DecodeError, decode_unstated
from unabridged.errors import NotAPage
from unabridged.extraction.body.boilerplate import promotions, share_bars
from unabridged.extraction.body.build import Body, build_body, without_title
from unabridged.extraction.body.fragment import clean_fragment
from unabridged.extraction.body.notes import with_notes
from unabridged.extraction.body.written import loss_note
from unabridged.extraction.completeness.endings import is_read_more
from unabridged.extraction.completeness.facts import FeedClaims, JudgedText
from unabridged.extraction.completeness.judge import judge
from unabridged.extraction.html.builders import HtmlPiece, figure, split_long_text, strip_tags, to_html
from unabridged.extraction.html.dom import CUT, MAX_BYTES, WIDE, Dom, Element, Node, Text
from unabridged.extraction.html.links import anchor_ids, without_dangling_anchors
from unabridged.extraction.html.media import Picture
from unabridged.extraction.html.render import Rendering, render, to_text
from unabridged.extraction.html.resolve import check_url
from unabridged.extraction.html.sanitizer import plain_text, sanitise
from unabridged.extraction.html.serializer import write_element
from unabridged.extraction.html.write_scope import WriteScope
from unabridged.extraction.metadata.language import language_of_text
from unabridged.extraction.metadata.lead_image import first_big
from unabridged.extraction.metadata.read import Metadata, read_metadata
from unabridged.extraction.multipage.full_view import find_full_view, needs_full_view
from unabridged.extraction.multipage.next_page import find_next
from unabridged.extraction.multipage.parts import PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.rules.apply import (
    RuleOutcome,
    apply,
    parse_with,
    remove_json_ld,
    with_rule_outcome,
)
from unabridged.extraction.rules.model import SiteRules
from unabridged.extraction.selection.blocks import MAX_BLOCKS, MAX_DEPTH, MAX_ELEMENTS
from unabridged.extraction.selection.kinds.decision import decided_kind, is_generic
from unabridged.extraction.selection.lines import without_repeated
from unabridged.extraction.selection.select import BlockSelection, select
from unabridged.extraction.structure.hidden import remove_hidden_text
from unabridged.extraction.structure.key_points import take_key_points
from unabridged.extraction.structure.normalise import normalise
from unabridged.extraction.structure.notes.footnotes import Footnote, mark_notes, take_notes
from unabridged.extraction.structure.page_data.data_articles import Candidate
from unabridged.extraction.structure.page_data.page_state import (
    ShownText,
    article_of_data,
    insert_article,
    parse_article,
)
from unabridged.model import Article, Clock, Completeness, Entry, Feed, Origin


def extract(
    html: bytes | str | Path,
    url: str | None = None,
    *,
    content_type: str | None = None,
    entry: Entry | None = None,
    rules: SiteRules | None = None,
    now: datetime | None = None,
) -> Article:
    """Return the article of a page: its whole clean text and what is known about it.

    html: the page as bytes or text, or the path of a file (also .gz). The other arguments are those of
    `ExtractRequest`. Raises NotAPage for empty or binary input and InvalidURL for a `url` that cannot be
    parsed ("http://["), OSError for a file that cannot be read. Any other page gives an Article;
    `completeness` says whether it holds the whole text.
    """
    if isinstance(html, Path):
        html = _page_file(html)
    request = ExtractRequest(html=html, url=url, content_type=content_type, entry=entry, rules=rules, now=now)
    return extract_part(request).article


def _page_file(path: Path) -> bytes:
    """Return the bytes of a file, unpacked if it is a gzip file. Raises NotAPage, OSError."""
    try:
        return decode_unstated(path.read_bytes(), "", max_bytes=MAX_BYTES, max_ratio=MAX_RATIO)
    except (DecodeError, DecodedTooLarge) as exc:
        raise NotAPage(f"{path} cannot be unpacked: {exc}.") from exc


def extract_part(request: ExtractRequest) -> PagePart:
    """Return what `extract` does, and the addresses of further pages or a full view of the article."""
    check_url(request.url)
    rules = request.rules or SiteRules()
    dom = parse_with(rules, request.html, content_type=request.content_type)
    if rules.skip_json_ld:
        remove_json_ld(dom)
    metadata = read_metadata(dom, url=request.url, entry=request.entry, now=request.now)
    base = base_of(dom, request.url or metadata.canonical_url)
    following = find_next(dom, base) if base and rules.autodetect_next_page is not False else None
    outcome = apply(rules, dom, base=base) if rules.sources else RuleOutcome()
    metadata = with_rule_outcome(metadata, outcome)
    next_page = outcome.next_page or following
    article = _build_article(request, dom, metadata, outcome, base, goes_on=next_page is not None)
    view = None
    if (
        base
        and not outcome.single_page
        and needs_full_view(article.completeness, goes_on=next_page is not None, empty=not article.text)
    ):
        view = find_full_view(dom, base)
    return PagePart(article=article, next_page=next_page, single_page=outcome.single_page, view=view)


def _build_article(
    request: ExtractRequest,
    dom: Dom,
    metadata: Metadata,
    outcome: RuleOutcome,
    base: str | None,
    *,
    goes_on: bool = False,
) -> Article:
    """Select, build and judge the body, and assemble the article."""
    rules = request.rules or SiteRules()
    footnotes = mark_notes(dom) if rules.footnotes is not False else ()
    normalise(dom)
    points = () if outcome.body else take_key_points(dom)
    pieces, signals, notes, following = _pieces(
        request, dom, outcome, metadata, base, footnotes, goes_on=goes_on
    )
    body = sanitise(without_dangling_anchors(to_html(pieces)))
    views = render(body)
    completeness = judge(
        JudgedText(
            dom=dom,
            metadata=metadata,
            text=views.text,
            url=request.url or metadata.canonical_url,
            signals=signals,
            following=following,
            feed=feed_claims(request.entry, base),
            usual=request.usual,
            cuts=_cuts(dom, notes, signals),
        )
    )
    return assemble(
        with_page_kind(with_key_points(metadata, points), decided_kind(signals, completeness.kind)),
        body,
        views,
        url=request.url,
        completeness=completeness,
        body_from="rule" if outcome.body else "page",
        warnings=(*dom.notes, *notes, *outcome.warnings),
    )


def with_key_points(metadata: Metadata, points: Sequence[str]) -> Metadata:
    """Return the metadata with the publisher's key points below its summary, one a line."""
    if not points:
        return metadata
    lines = [metadata.summary, *(f"- {point}" for point in points)]
    return replace(metadata, summary="\n".join(filter(None, lines)))


def with_page_kind(metadata: Metadata, kind: str | None) -> Metadata:
    """Return the metadata with the decided kind of the page, where the stated type tells none."""
    if kind is None or not is_generic(metadata.kind):
        return metadata
    return replace(metadata, kind=kind, provenance={**metadata.provenance, "kind": "page"})


def _pieces(
    request: ExtractRequest,
    dom: Dom,
    outcome: RuleOutcome,
    metadata: Metadata,
    base: str | None,
    footnotes: Sequence[Footnote],
    *,
    goes_on: bool = False,
) -> tuple[list[HtmlPiece], Mapping[str, float], tuple[str, ...], str | None]:
    """Return the body by site rules if they match, else by selection; with the signals and notes of the
    selection, and the text that follows it. goes_on: the article has further pages."""
    rules = request.rules or SiteRules()
    if outcome.body:
        notes_of = take_notes(footnotes)
        remove_hidden_text(dom)
        return ruled_pieces(rules, outcome.body, metadata, base, notes_of), {}, (), None
    if rules.body and rules.autodetect_on_failure is False:
        return [], {}, (), None
    selection = select(dom, title=metadata.title, description=metadata.summary, url=base)
    selection = without_repeated(selection, request.boilerplate, request.other_page)
    body = _built(dom, selection, metadata, base, footnotes)
    if metadata.free is not False and not goes_on:
        shown = shown_text(selection, metadata, base)
        found = article_of_data(dom, shown)
        if found is not None:
            _, inserted = insert_data(dom, found, shown)
            fuller = select(dom, title=metadata.title, description=metadata.summary, url=base)
            written = _built(dom, fuller, metadata, base, inserted)
            if fuller.signals.get("words", 0.0) > selection.signals.get("words", 0.0):
                selection, body = fuller, written
    pieces, notes = limit_size(body.pieces, MAX_BODY)
    if lost := loss_note(body.lost):
        notes = (*notes, f"{CUT}{lost}")
    before, after = _around_end(selection)
    signals = {**selection.signals, "read_more_follows": float(is_read_more(next(iter(after), "")))}
    if selection.indices:
        signals["reached"] = (selection.indices[-1] + 1) / len(selection.layout.texts)
    return pieces, signals, (TOO_BIG, *notes) if selection.layout.cut else notes, " ".join((*before, *after))


def _built(
    dom: Dom, selection: BlockSelection, metadata: Metadata, base: str | None, footnotes: Sequence[Footnote]
) -> Body:
    """Build the body of a selection with the notes that its text refers to."""
    kept = kept_nodes(selection)
    taken = None
    if footnotes:
        taken = take_notes(footnotes, frozenset(kept))
    hidden = remove_hidden_text(dom)
    if hidden:
        kept = [node for node in kept if node not in hidden]
    if footnotes:
        kept = still_there(dom.body, kept)
    return build_body(kept, base=base, title=metadata.title, authors=metadata.authors, notes=taken)


def shown_text(selection: BlockSelection, metadata: Metadata, base: str | None) -> ShownText:
    """Return the selected text of a page, to be compared with its data."""
    return ShownText(
        title=metadata.title,
        description=metadata.summary,
        url=base or "",
        blocks=[(block.text, block.nodes) for block in selection.kept],
    )


def insert_data(dom: Dom, found: Candidate, shown: ShownText) -> tuple[Element, Sequence[Footnote]]:
    """Put the article of the page's data into its tree; return its element and its footnotes."""
    article = parse_article(found.html)
    footnotes = mark_notes(article)
    normalise(article)
    return insert_article(dom, article, found, shown), footnotes


def _cuts(dom: Dom, notes: Sequence[str], signals: Mapping[str, float]) -> tuple[str, ...]:
    """Return the notes on our own limits that cut the article's text.

    Limits of the page count only if the text reaches the end of what was read: a complete article may stand
    before much else.
    """
    of_page = (*dom.notes, *(note for note in notes if note == TOO_BIG))
    reached = signals.get("reached", 1.0) > NEAR_END
    cuts = (*(of_page if reached else ()), *(note for note in notes if note != TOO_BIG))
    return tuple(note for note in cuts if note.startswith(CUT) and note != WIDE)


def _around_end(selection: BlockSelection) -> tuple[list[str], list[str]]:
    """Return the texts of the blocks among and right after the last kept ones, and of those after the "
    "last."""
    if not selection.indices:
        return [], []
    texts, end = selection.layout.texts, selection.indices[-1] + 1
    start = selection.indices[-LAST_BLOCKS] + 1 if len(selection.indices) > LAST_BLOCKS else 0
    after = [text[:FOLLOWING_TEXT] for text in texts[end : end + FOLLOWING_BLOCKS]]
    return [text[-FOLLOWING_TEXT:] for text in texts[start:end]], after


LAST_BLOCKS = 3
FOLLOWING_BLOCKS = 10
"""Blocks after the chosen text that are looked at for a call to read on or to subscribe."""
FOLLOWING_TEXT = 200
"""Characters of each of them."""
MAX_RATIO = 200
"""Maximum ratio of unpacked to packed bytes of a file."""
MAX_BODY = 3_000_000
"""Maximum characters of a body's HTML: the length of the longest novels."""
NEAR_END = 0.9
"""Share of the blocks read; a text that ends beyond it may go on behind our limits."""
TOO_BIG = (
    f"{CUT}only the first {MAX_BLOCKS:,} blocks of text, {MAX_ELEMENTS:,} elements and "
    f"{MAX_DEPTH} levels of the page were read"
)


def limit_size(pieces: list[HtmlPiece], limit: int) -> tuple[list[HtmlPiece], tuple[str, ...]]:
    """Return the first pieces of a body, up to `limit` characters in all, and a note if others were cut."""
    for place, piece in enumerate(pieces):
        if len(piece.html) > limit:
            kept = pieces[:place]
            if not kept:  # one giant list or table: keep only its text
                kept = [
                    HtmlPiece(text, True)
                    for text in split_long_text(strip_tags(piece.html[:limit].rpartition("<")[0]))
                ]
            return kept, (f"{CUT}only the first {MAX_BODY:,} characters of the text were kept",)
        limit -= len(piece.html)
    return pieces, ()


def feed_claims(entry: Entry | None, base: str | None) -> FeedClaims:
    """Return the texts of the feed's entry."""
    if entry is None or not (entry.content_html or entry.summary_html):
        return FeedClaims()
    texts = (to_text(clean_fragment(html, base=base)) for html in (entry.content_html, entry.summary_html))
    content, summary = texts
    return FeedClaims(content=content, summary=summary)


def ruled_pieces(
    rules: SiteRules,
    nodes: Sequence[Node],
    metadata: Metadata,
    base: str | None,
    notes: Element | None = None,
) -> list[HtmlPiece]:
    """Write the elements that site rules selected, and their notes. `prune: no` removes only share bars."""
    pieces: list[HtmlPiece] = []
    anchors: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, Element):
            bars = share_bars(node)
            beside = bars if rules.prune is False else bars | promotions(node)
            own = {} if rules.footnotes is False else anchor_ids(node, base, notes)
            anchors |= own
            pieces += write_element(node, WriteScope(base=base, dropped=beside, anchors=own))
    pieces = without_title(pieces, metadata.title)
    wanted = rules.insert_detected_image is not False and metadata.lead_image
    if wanted and not any(piece.html.startswith("<figure") for piece in pieces):
        pieces.insert(0, figure(Picture(url=wanted)))
    return with_notes(pieces, notes, WriteScope(base=base, anchors=anchors))


def base_of(dom: Dom, url: str | None) -> str | None:
    """Return the URL against which a page's links resolve: that of its base element, else its own."""
    if dom.document.select_one("base") is None:
        return url
    return dom.document.base_url(url or "") or url


def kept_nodes(selection: BlockSelection) -> Sequence[Node]:
    """Return the text nodes of a selection, in document order."""
    nodes = selection.layout.nodes
    return [node for index in selection.indices for node in nodes[index]]


def still_there(root: Element, nodes: Sequence[Node]) -> Sequence[Node]:
    """Return the nodes that still stand below an element."""
    present = {node for node in root.descendants if type(node) is Text}
    return [node for node in nodes if node in present]


def assemble(
    metadata: Metadata,
    body: str,
    views: Rendering,
    *,
    url: str | None,
    completeness: Completeness,
    body_from: Origin = "page",
    warnings: Sequence[str] = (),
) -> Article:
    """Return the article record of a page. The first big picture of the body is the lead image if none is
    declared."""
    provenance: dict[str, Origin] = {**metadata.provenance, "html": body_from}
    lead = metadata.lead_image
    if lead is None and (lead := first_big(views.media)):
        provenance["lead_image"] = body_from
    if (language := language_of_text(metadata.language, views.text)) != metadata.language:
        provenance["language"] = body_from
    found = Article(
        url=url or metadata.canonical_url or "",
        canonical_url=metadata.canonical_url,
        title=metadata.title,
        authors=metadata.authors,
        credit=metadata.credit,
        published=metadata.published.at if metadata.published else None,
        modified=metadata.modified.at if metadata.modified else None,
        language=language,
        lead_image=lead,
        site_name=metadata.site_name,
        section=metadata.section,
        tags=metadata.tags,
        kind=metadata.kind,
        summary=metadata.summary,
        html=body,
        text=views.text,
        markdown=views.markdown,
        links=views.links,
        media=views.media,
        clocks=metadata.clocks,
        completeness=completeness,
        provenance=provenance,
        warnings=tuple(warnings),
    )
    return clean_article(found)


def article_from_entry(entry: Entry, feed: Feed | None = None) -> Article:
    """Return the text of a feed's entry as an article, which is shown until its page has been read."""
    base = entry.base or entry.url or (feed.site_url or feed.url if feed else None)
    html = max(entry.content_html, entry.summary_html, key=len)
    body = clean_fragment(html, base=base)
    views = render(body)
    same = entry.summary_html == html  # most feeds have one text an entry
    summary = views.text if same else to_text(clean_fragment(entry.summary_html, base=base))
    clocks = tuple(clock for clock in (entry.published, entry.modified) if clock is not None)
    found = Article(
        url=entry.url or "",
        title=plain_text(entry.title),
        authors=entry.authors,
        published=_at(entry.published),
        modified=_at(entry.modified),
        language=entry.language or (feed.language if feed else None),
        lead_image=entry.lead_image or next((m.url for m in views.media if m.kind == "image"), None),
        site_name=entry.source_title or (feed.title if feed and feed.title else None),
        tags=entry.tags,
        summary=summary,
        html=body,
        text=views.text,
        markdown=views.markdown,
        links=views.links,
        media=views.media,
        enclosures=entry.enclosures,
        clocks=clocks,
        provenance=_from_feed(entry, body),
    )
    return clean_article(found)


def _at(clock: Clock | None) -> datetime | None:
    return clock.at if clock is not None else None


def _from_feed(entry: Entry, body: str) -> Mapping[str, Origin]:
    values = {
        "title": entry.title,
        "authors": entry.authors,
        "published": entry.published,
        "modified": entry.modified,
        "language": entry.language,
        "lead_image": entry.lead_image,
        "tags": entry.tags,
        "html": body,
    }
    return {name: "feed" for name, value in values.items() if value}
