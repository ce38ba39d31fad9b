"""Records of what is known about one site's pages."""

from dataclasses import dataclass
from typing import Literal

VERSION = 2
"""Version of the form of a profile; profiles of another version are learnt again."""

PlaceKind = Literal["meta", "json-ld", "page-title", "element", "declared", "body", "none"]
FieldName = Literal["title", "published", "authors", "lead_image"]
FIELDS: tuple[FieldName, ...] = ("title", "published", "authors", "lead_image")
DataKind = Literal["script", "variable", "stream", "attribute", "template"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of a field on every page of a template. kind: "none" if no page has the field. Of a lead
    image also "declared": the first one that the head declares; "body": this one, else the article's first
    big one.

    name: of the meta element or the JSON-LD key; the CSS selector of an element. attribute: of the element,
    "" for its text. before, after: what stands around the value and does not belong to it ("| Site").
    within: they stand anywhere in the text ("Posted by … |"). form: the written form of a date with 0 for its
    digits ("0000-00-00T00:00:00Z"), "" for other fields.
    """

    kind: PlaceKind
    name: str = ""
    attribute: str = ""
    before: str = ""
    after: str = ""
    within: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEvidence:
    """Evidence for a place: on `agree` of `pages` pages it held what the general extraction found."""

    field: FieldName
    place: Place
    pages: int
    agree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StripEvidence:
    """Elements to leave out. pages: on which they stood; kept: share of their text in the articles.

    pictures: they hold pictures or captions, so that only their text is left out.
    """

    selector: str
    pages: int
    kept: float
    pictures: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedLine:
    """A text that stands on many pages of a site. letters: the beginning of its letters, case-folded."""

    letters: str
    text: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPlace:
    """Place of the article's text in the data that a page's scripts carry.

    kind, name: the holder of the JSON: the CSS selector of a script, of an element with an attribute, of a
    template with HTML, the variable that a script assigns it to, or a stream. path: keys from the outermost
    object to the text; "*" at the end of a key stands for any rest. Lists, JSON inside strings and references
    to objects of a store need no key. pages: of the template; agree: how many of these have the article's
    text there; used: on how many it was taken because the page shows less. published, authors: keys of the
    date and the by-line, with "../" for each object around that of the text; "" for none.
    """

    kind: DataKind
    name: str
    path: tuple[str, ...]
    pages: int
    agree: int
    used: int
    published: str = ""
    authors: str = ""

    @property
    def is_first(self) -> bool:
        """True if most pages show no text, so that the data is read before the elements."""
        return 2 * self.used > self.pages


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPages:
    """Links of a template's pages to the next page of the article.

    selector: names the link or the element around it, "" if they have no stable one. form: what the address
    of page # adds to that of page 1: "?page=#", "/#", "-#". pages: of the template; agree: how many of
    these have such a link. refused: the links lead to other articles, whose addresses are numbered.
    """

    selector: str
    form: str
    pages: int
    agree: int
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template of a site's pages.

    body: CSS selectors of the elements that hold the article. fit: mean F1, by characters, of what is read
    with the text that the general extraction selected. Left out of it: strip, lines, lines with certain
    beginnings ("Posted on …"), all below one of the ends ("Comments", "Related posts"), and with
    paragraphs_first the short lines above the first paragraph.

    fields: where the metadata stands; a field without a place is searched for. data: where the text stands in
    the page's data; body may be empty then. next_pages: links to the next page of an article.
    begins_with_picture: most articles begin with a picture. skeleton: names of the outer elements that nearly
    every page has. pages: distinct pages that it was learnt from; characters: median length of their texts;
    shortest, longest: the range of them. outside: selectors of places that hold long texts outside the body,
    None if that was not learnt; stray: characters of such texts elsewhere, at most.
    """

    body: tuple[str, ...]
    fit: float
    strip: tuple[StripEvidence, ...] = ()
    lines: tuple[RepeatedLine, ...] = ()
    beginnings: tuple[RepeatedLine, ...] = ()
    ends: tuple[RepeatedLine, ...] = ()
    paragraphs_first: bool = False
    fields: tuple[FieldEvidence, ...] = ()
    data: DataPlace | None = None
    next_pages: tuple[NextPages, ...] = ()
    begins_with_picture: bool = False
    skeleton: tuple[str, ...] = ()
    pages: int
    characters: int
    shortest: int = 0
    longest: int = 0
    outside: tuple[str, ...] | None = None
    stray: int = 0

    def place_of(self, field: FieldName) -> Place | None:
        """Return the place of a field, None if none was learnt."""
        return next((item.place for item in self.fields if item.field == field), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """Knowledge that was learnt about one site: its templates, the one with the most pages first.

    site: the host. lines: sentences that stand on most pages, whatever their template: the general extraction
    leaves them out; of a single page its last sentences. pages: distinct pages that it was learnt from.
    version: of this form.
    """

    site: str
    templates: tuple[Template, ...]
    pages: int
    lines: tuple[RepeatedLine, ...] = ()
    version: int = VERSION

    @property
    def boilerplate(self) -> frozenset[str]:
        """The letters of the site's repeated lines, as `ExtractRequest` takes them."""
        return frozenset(line.letters for line in self.lines) if self.pages > 1 else frozenset()

    @property
    def other_page(self) -> frozenset[str]:
        """The letters of the lines of the only page, as `ExtractRequest` takes them."""
        return frozenset(line.letters for line in self.lines) if self.pages == 1 else frozenset()
