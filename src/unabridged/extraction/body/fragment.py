"""Clean the HTML of feeds and documents: the article's body as it is stored."""

import re

from unabridged.extraction.body.boilerplate import boilerplate_elements, trim_edges
from unabridged.extraction.body.notes import with_notes
from unabridged.extraction.html.builders import HtmlPiece, to_html
from unabridged.extraction.html.dom import Dom, parse_part
from unabridged.extraction.html.links import anchor_ids, without_dangling_anchors
from unabridged.extraction.html.sanitizer import POLICY_VERSION, plain_text, sanitise
from unabridged.extraction.html.serializer import write
from unabridged.extraction.html.write_scope import WriteScope
from unabridged.extraction.structure.media.pictures import inline_pictures
from unabridged.extraction.structure.normalise import normalise_fragment
from unabridged.extraction.structure.notes.footnotes import mark_notes, take_notes
from unabridged.extraction.structure.role_tables import name_tables
from unabridged.text.patterns import lazy_regex

__all__ = ["POLICY_VERSION", "clean_fragment", "plain_text", "sanitise"]

_GLUED = lazy_regex(
    r"<(img|source|iframe|video|audio|picture|a)(src|srcset|sizes|href|type|class|alt|style|width|height|media|title|"
    r"loading|data-[a-z-]{1,30})(?=\s*=\s*[\"'])",
    re.IGNORECASE,
)


def clean_fragment(html: str, *, base: str | None = None) -> str:
    """Return the HTML of a feed's entry or an archive document as a clean, safe body. Idempotent.

    Pictures get their real URLs, and players become link cards. URLs are absolute (against `base`) and
    without trackers. Share bars, promotions, counters and footers are removed.
    """
    if not html or html.isspace():
        return ""
    return sanitise(without_dangling_anchors(to_html(fragment_pieces(html, base))))


def fragment_pieces(html: str, base: str | None) -> list[HtmlPiece]:
    """Return the content of a fragment as clean pieces, without boilerplate."""
    dom = parse_fragment(html)
    root = dom.body
    name_tables(root)
    inline_pictures(list(root.iter_elements("img")))
    notes = take_notes(mark_notes(dom))
    scope = WriteScope(base=base, dropped=boilerplate_elements(root), anchors=anchor_ids(root, base, notes))
    return with_notes(trim_edges(write(root, scope)), notes, scope)


def parse_fragment(html: str) -> Dom:
    """Parse a fragment of HTML and normalise its structures; attributes that are glued to their tag name are
    separated from it."""
    dom = parse_part(_GLUED.sub(r"<\1 \2", html))
    normalise_fragment(dom)
    return dom
