"""Records of what is known about one site's pages."""

from dataclasses import dataclass
from typing import Literal

VERSION = 1
"""Version of the form of a profile; profiles of another version are learnt again."""

PlaceKind = Literal["meta", "json-ld", "page-title", "element", "none"]
FieldName = Literal["title", "published", "authors"]
FIELDS: tuple[FieldName, ...] = ("title", "published", "authors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of a field on every page of a template. kind: "none" if no page has the field.

    name: of the meta element or the JSON-LD key; the CSS selector of an element. attribute: of the element,
    "" for its text. before, after: what stands around the value and does not belong to it ("| Site"). form:
    the written form of a date with 0 for its digits ("0000-00-00T00:00:00Z"), "" for other fields.
    """

    kind: PlaceKind
    name: str = ""
    attribute: str = ""
    before: str = ""
    after: str = ""
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
class Template:
    """One template of a site's pages.

    body: CSS selectors of the elements that hold the article. fit: mean F1, by characters, of what is read
    with the text that the general extraction selected. Left out of it: strip, lines, lines with certain
    beginnings ("Posted on …"), all below one of the ends ("Comments", "Related posts"), and with
    paragraphs_first the short lines above the first paragraph.

    fields: where the metadata stands; a field without a place is searched for. declared_picture: the lead
    image is the declared one. begins_with_picture: most articles begin with a picture. skeleton: names of the
    outer elements that nearly every page has. pages: distinct pages that it was learnt from; characters:
    median length of their texts; shortest, longest: the range of them. outside: selectors of places that hold
    long texts outside the body, None if that was not learnt; stray: characters of such texts elsewhere.
    """

    body: tuple[str, ...]
    fit: float
    strip: tuple[StripEvidence, ...] = ()
    lines: tuple[RepeatedLine, ...] = ()
    beginnings: tuple[RepeatedLine, ...] = ()
    ends: tuple[RepeatedLine, ...] = ()
    paragraphs_first: bool = False
    fields: tuple[FieldEvidence, ...] = ()
    declared_picture: bool = False
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
    leaves them out. pages: distinct pages that it was learnt from. version: of this form.
    """

    site: str
    templates: tuple[Template, ...]
    pages: int
    lines: tuple[RepeatedLine, ...] = ()
    version: int = VERSION

    @property
    def boilerplate(self) -> frozenset[str]:
        """The letters of the site's repeated lines, as `ExtractRequest` takes them."""
        return frozenset(line.letters for line in self.lines)
