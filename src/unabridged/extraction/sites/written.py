"""Site profiles as JSON, for the database, and as site-config text, for people and other programs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

import orjson

from unabridged.extraction.sites.profile import (
    VERSION,
    DataPlace,
    FieldEvidence,
    NextPages,
    Place,
    RepeatedLine,
    SiteProfile,
    StripEvidence,
    Template,
)
from unabridged.extraction.sites.selectors import as_xpath

LONGEST_LINE = 100
"""Characters of a repeated line from which it may have been cut when it was learnt."""
MAX_BYTES = 20_000
"""Bytes of a profile as JSON."""


def to_json(profile: SiteProfile) -> str:
    """Return a profile as JSON of at most MAX_BYTES: the rarest templates are left out first."""
    templates = profile.templates
    while True:
        text = orjson.dumps(asdict(replace(profile, templates=templates)))
        if len(text) <= MAX_BYTES or len(templates) <= 1:
            return text.decode()
        templates = templates[:-1]


def from_json(text: str) -> SiteProfile | None:
    """Return the profile of a JSON text, None for one of another version or form."""
    try:
        given = orjson.loads(text)
        if given["version"] != VERSION:
            return None
        return SiteProfile(
            site=given["site"],
            pages=given["pages"],
            templates=tuple(map(_template, given["templates"])),
            lines=tuple(RepeatedLine(**item) for item in given["lines"]),
        )
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _template(given: dict[str, Any]) -> Template:
    values = {
        **given,
        "body": tuple(given["body"]),
        "skeleton": tuple(given["skeleton"]),
        "outside": None if given.get("outside") is None else tuple(given["outside"]),
        "strip": tuple(StripEvidence(**item) for item in given["strip"]),
        "lines": tuple(RepeatedLine(**item) for item in given["lines"]),
        "beginnings": tuple(RepeatedLine(**item) for item in given["beginnings"]),
        "ends": tuple(RepeatedLine(**item) for item in given["ends"]),
        "fields": tuple(
            FieldEvidence(**{**item, "place": Place(**item["place"])}) for item in given["fields"]
        ),
        "data": _data_place(given["data"]) if given["data"] else None,
        "next_pages": tuple(NextPages(**item) for item in given["next_pages"]),
    }
    return Template(**values)


def _data_place(given: dict[str, Any]) -> DataPlace:
    return DataPlace(**{**given, "path": tuple(given["path"])})


def to_site_config(profile: SiteProfile) -> str:
    """Return a profile as site-config text: XPath rules with their evidence as comments.

    Site-config has no rules for skeletons and lengths, and cannot leave out the text beside a picture;
    comments name them. All templates stand in one file: a rule of one that matches nothing on a page of
    another has no effect.
    """
    lines = [
        f"# {profile.site}: learnt from {profile.pages} pages. Rules of a file like this come before what was"
        " learnt.",
        *_once(line for template in profile.templates for line in _rules(template)),
    ]
    return "\n".join(lines) + "\n"


def _once(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines without rules that were given before."""
    given: set[str] = set()
    for line in lines:
        if line.startswith("#") or line not in given:
            given.add(line)
            yield line


def _rules(template: Template) -> Iterator[str]:
    yield f"# A template with {template.pages} pages, usually {template.characters} characters long."
    yield f"# Its body agrees with the general extraction by {template.fit:.0%}."
    if template.body:
        yield "body: " + " | ".join(map(as_xpath, template.body))
    if template.data is not None:
        yield _data_comment(template.data)
    for item in template.strip:
        yield f"# on {item.pages} pages; {item.kept:.0%} of its text in the articles"
        rule = f"strip: {as_xpath(item.selector)}"
        yield f"# only its text is left out, its pictures stay: {item.selector}" if item.pictures else rule
    for evidence in template.fields:
        yield from _field_rule(evidence)
    for kind in template.next_pages:
        yield from _next_rules(kind)
    for line in template.ends:
        yield f"# no article goes on below, on {line.pages} pages: {' '.join(line.text.split())}"
    if template.paragraphs_first:
        yield "# left out: short lines above the first paragraph"
    for line in template.beginnings:
        yield f"# left out, lines that begin like this, on {line.pages} pages: {' '.join(line.text.split())}"
    for line in template.lines:
        yield f"# on {line.pages} pages"
        yield _line_rule(" ".join(line.text.split()))


def _line_rule(text: str) -> str:
    """Return the rule that leaves a repeated line out; a comment for one that XPath 1.0 cannot write."""
    if '"' in text:
        return f"# left out: {text}"
    cut = len(text) >= LONGEST_LINE
    test = f'starts-with(normalize-space(.), "{text}")' if cut else f'normalize-space(.)="{text}"'
    return f"strip: //*[self::p or self::li or self::div or self::span][{test}]"


def described_data(place: DataPlace) -> str:
    """Return in words where the text stands in a page's data."""
    holder = place.name or "the stream of the page's scripts"
    beside = " and ".join(filter(None, (place.published, place.authors)))
    where = f"in the data of {holder}, at {'.'.join(place.path) or 'its beginning'}"
    return f"{where}, beside {beside}" if beside else where


def _data_comment(place: DataPlace) -> str:
    first = "taken first" if place.is_first else "taken where the page shows less"
    return (
        f"# text {described_data(place)}, on {place.agree} of {place.pages} pages; {first} "
        f"(on {place.used} of them). Site-config has no rule for it."
    )


def _next_rules(kind: NextPages) -> Iterator[str]:
    """Yield the rule of a link to next pages; a comment where the selector names an element around it."""
    yield f"# on {kind.agree} of {kind.pages} pages, {described_next(kind)}"
    if re.match(r"(?:a|link)\b", kind.selector) and not kind.refused:
        yield f"next_page_link: {as_xpath(kind.selector)}/@href"


def described_next(kind: NextPages) -> str:
    """Return in words what a link to a next page looks like."""
    if kind.refused:
        return f"addresses with “{kind.form}” are of other articles, not of next pages"
    where = f" in {kind.selector}" if kind.selector else ""
    return f"next pages{where} whose addresses add “{kind.form}”"


_NAMES = {"title": "title", "published": "date", "authors": "author"}


def _field_rule(evidence: FieldEvidence) -> Iterator[str]:
    """Yield the rule of a field; a place that XPath 1.0 cannot name is a comment."""
    place = evidence.place
    form = f", written as {place.form}" if place.form else ""
    yield f"# right on {evidence.agree} of {evidence.pages} pages{form}"
    name, xpath = _NAMES.get(evidence.field), _place_xpath(place)
    if name is not None and xpath is not None:
        yield f"{name}: {xpath}"
    elif place.kind == "json-ld":
        yield f"# {evidence.field}: in JSON-LD, {place.name}"
    else:
        yield f"# {evidence.field}: {xpath or _WITHOUT_PATH.get(place.kind, '')}"


_WITHOUT_PATH = {
    "none": "on no page",
    "declared": "the first picture that the head declares",
    "body": "the first picture that the head declares, else the first big one of the article",
}


def _place_xpath(place: Place) -> str | None:
    if place.kind == "meta":
        whole = f"//meta[@property='{place.name}' or @name='{place.name}']/@content"
    elif place.kind == "page-title":
        whole = "//title"
    elif place.kind == "element":
        whole = as_xpath(place.name) + (f"/@{place.attribute}" if place.attribute else "")
    else:
        return None
    for function, cut in (("substring-after", place.before), ("substring-before", place.after)):
        if cut and '"' not in cut:
            whole = f'{function}({whole}, "{cut}")'
    return whole
