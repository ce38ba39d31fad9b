"""Apply site rules to a page: change its tree, and return what they find there.

Authors of site-config files rely on this order: replacements in the raw page; title, author and date (the
title's node is removed); strip; dissolve, wrap, move; the body. A body rule that matches nothing gives a
warning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from turbohtml import XPathString

from unabridged.dates.parse import parse_date
from unabridged.extraction.html.dom import Document, Dom, Element, Node, decode, parse
from unabridged.extraction.html.resolve import resolve
from unabridged.extraction.html.sanitizer import plain_text
from unabridged.extraction.metadata.read import Metadata
from unabridged.extraction.rules.model import PageLink, SiteRules
from unabridged.extraction.rules.parse import compile_xpath
from unabridged.model import Origin
from unabridged.text.patterns import lazy_regex

MOST_GROWTH = 4
"""Replacements may make a page at most this many times longer."""
_PROTECTED = frozenset(("html", "head", "body"))
Found: TypeAlias = XPathString | Element | str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """The result of site rules. body: the elements of the article, () if no rule matched.

    native_ad: the page calls itself advertising. single_page, next_page: absolute URLs, None for none.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    body: tuple[Node, ...] = ()
    single_page: str | None = None
    next_page: str | None = None
    native_ad: bool = False
    warnings: tuple[str, ...] = ()


def parse_with(rules: SiteRules, html: bytes | str, *, content_type: str | None = None) -> Dom:
    """Parse a page after the rules' replacements in its text. Raises NotAPage as `parse` does."""
    if not rules.replacements:
        return parse(html, content_type=content_type)
    text = html if isinstance(html, str) else decode(html, content_type=content_type)[0]
    longest = MOST_GROWTH * len(text) + 100_000
    for change in rules.replacements:
        longer = len(text) + text.count(change.find) * (len(change.replace) - len(change.find))
        if longer <= longest:
            text = text.replace(change.find, change.replace)
    return parse(text)


def apply(rules: SiteRules, dom: Dom, *, base: str | None) -> RuleOutcome:
    """Apply rules to a page's tree, in place, and return what they found."""
    document = dom.document
    single = _page_address(rules.single_page_link, document, base)
    following = _page_address(rules.next_page_link, document, base)
    native_ad = any(_hits(xpath, document) for xpath in rules.native_ad_clue)
    title = _title(rules, document)
    authors = tuple(dict.fromkeys(_authors(rules, document)))
    date = next((text for xpath in rules.date if (text := _text(xpath, document))), "")
    _clear(rules, document)
    _rearrange(rules, document)
    body = _body(rules, document)
    _strip_attributes(rules.strip_attr + rules.post_strip_attr, document)
    return RuleOutcome(
        title=title,
        authors=authors,
        date=date,
        body=body,
        single_page=single,
        next_page=following,
        native_ad=native_ad,
        warnings=_warnings(rules, body, native_ad),
    )


def _warnings(rules: SiteRules, body: tuple[Node, ...], native_ad: bool) -> tuple[str, ...]:
    name = ", ".join(rules.sources) or "the site's rules"
    warnings = []
    if rules.body and not body:
        instead = (
            "nothing was taken" if rules.autodetect_on_failure is False else "found automatically instead"
        )
        warnings.append(f"No body expression of {name} matched: the text was {instead}.")
    if native_ad:
        warnings.append(f"The page is advertising according to {name}.")
    return tuple(warnings)


def _evaluate(xpath: str, root: Node) -> list[Found]:
    """Return the elements and strings that an expression finds; [] if it cannot be evaluated."""
    expression = compile_xpath(xpath)
    if expression is None:
        return []
    try:
        found = expression(root)
    except (ValueError, TypeError):
        return []  # an expression that compiles but uses an unknown function or variable
    if isinstance(found, list):
        return [item for item in found if isinstance(item, Element | str)]
    return [found] if isinstance(found, str) and found.strip() else []


def faulty_expressions(rules: SiteRules) -> tuple[tuple[str, str], ...]:
    """Return the expressions that compile but cannot be evaluated, each with the reason.

    They use a function, a variable or a prefix that does not exist.
    """
    page = parse("<html><body><p>text</p></body></html>").document
    faults: dict[str, str] = {}
    for xpath in _expressions(rules):
        called = (f"{name}()" for name in _FUNCTION.findall(_QUOTED.sub("''", xpath)))
        # A predicate is not evaluated where nothing matches before it, so functions are tried on their own.
        unknown = (said for call in called if "unknown function" in (said := _fault(call, page) or ""))
        if (fault := _fault(xpath, page) or next(unknown, None)) is not None:
            faults[xpath] = fault
    return tuple(faults.items())


_QUOTED = lazy_regex(r"'[^']*'|\"[^\"]*\"")
_FUNCTION = lazy_regex(r"[A-Za-z_][\w.-]*(?::[\w.-]+)?(?=\s*\()")


def _fault(xpath: str, page: Document) -> str | None:
    """Return the reason why an expression cannot be evaluated, None if it can, or does not compile."""
    expression = compile_xpath(xpath)
    try:
        if expression is not None:
            expression(page)
    except (ValueError, TypeError) as exc:
        return str(exc)
    return None


def _expressions(rules: SiteRules) -> Iterator[str]:
    yield from (*rules.title, *rules.author, *rules.date, *rules.body, *rules.strip, *rules.strip_attr)
    yield from (*rules.post_strip_attr, *rules.dissolve, *rules.native_ad_clue)
    for link in (*rules.single_page_link, *rules.next_page_link):
        yield from (link.xpath, link.guard) if link.guard else (link.xpath,)
    for move in rules.moves:
        yield from (move.xpath,) if move.target == "body" else (move.xpath, move.target)
    yield from (wrap.xpath for wrap in rules.wraps)


def _hits(xpath: str, root: Node) -> bool:
    return bool(_evaluate(xpath, root))


def _elements(xpath: str, root: Node) -> list[Element]:
    """Return the elements that an expression finds; for an attribute or a text, its element."""
    found = []
    for item in _evaluate(xpath, root):
        element = item.getparent() if isinstance(item, XPathString) else item
        if isinstance(element, Element):
            found.append(element)
    return found


def _as_text(found: Found) -> str:
    return plain_text(found.text if isinstance(found, Element) else found)


def _text(xpath: str, root: Node) -> str:
    return next((text for item in _evaluate(xpath, root) if (text := _as_text(item))), "")


def _title(rules: SiteRules, document: Document) -> str:
    for xpath in rules.title:
        for item in _evaluate(xpath, document):
            text = _as_text(item)
            if text:
                if isinstance(item, Element) and item.tag not in ("title", "meta"):
                    _remove(item)
                return text[:1000]
    return ""


def _authors(rules: SiteRules, document: Document) -> Iterator[str]:
    for xpath in rules.author:
        names = [text for item in _evaluate(xpath, document) if (text := _as_text(item)) and len(text) < 200]
        if names:
            yield from names[:20]
            return


def _clear(rules: SiteRules, document: Document) -> None:
    """Remove what the rules strip, and elements that pages mark as unrelated."""
    for xpath in rules.strip:
        for item in _evaluate(xpath, document):
            _strip(item)
    for text in rules.strip_id_or_class:
        for element in _named(text, document):
            if not any(skip in _names(element) for skip in rules.skip_id_or_class):
                _remove(element)
    for text in rules.strip_image_src:
        for image in document.select("img"):
            if text in (image.attr("src") or ""):
                _remove(image)
    for element in document.select(".entry-unrelated,.instapaper_ignore"):
        _remove(element)
    for name in rules.src_lazy_load_attr:
        _unlazy(name, document)


def _unlazy(name: str, document: Document) -> None:
    for image in document.select("img"):
        if source := image.attr(name):
            image.attrs["src"] = source


def remove_json_ld(dom: Dom) -> None:
    """Remove a page's JSON-LD, which its rules call wrong."""
    for script in dom.select("script[type*='ld+json']"):
        script.extract()


def _named(text: str, document: Document) -> list[Element]:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return document.select(f'[class*="{quoted}"],[id*="{quoted}"]')


def _names(element: Element) -> str:
    return f"{element.attr('class') or ''} {element.attr('id') or ''}"


def _strip(item: Found) -> None:
    """Remove an element or an attribute; a text node stays."""
    if isinstance(item, Element):
        _remove(item)
    elif isinstance(item, XPathString) and item.is_attribute and item.attrname:
        item.getparent().attrs.pop(item.attrname, None)


def _remove(element: Element) -> None:
    if element.tag not in _PROTECTED and element.parent is not None:
        element.extract()


def _strip_attributes(xpaths: Sequence[str], document: Document) -> None:
    for xpath in xpaths:
        for item in _evaluate(xpath, document):
            if not isinstance(item, Element):
                _strip(item)


def _rearrange(rules: SiteRules, document: Document) -> None:
    for xpath in rules.dissolve:
        for element in _elements(xpath, document):
            if element.tag not in _PROTECTED and element.parent is not None:
                element.unwrap()
    for wrap in rules.wraps:
        for element in _elements(wrap.xpath, document):
            if element.tag not in _PROTECTED and element.parent is not None:
                element.wrap(Element(wrap.tag))
    for move in rules.moves:
        target = _target(move.target, rules, document)
        for element in _elements(move.xpath, document):
            if target is not None and element != target and element not in set(target.ancestors):
                element.extract()
                target.append(element)


def _target(xpath: str, rules: SiteRules, document: Document) -> Element | None:
    if xpath == "body":
        found = [node for body in rules.body for node in _elements(body, document)]
        return found[0] if found else None
    return next(iter(_elements(xpath, document)), None)


def _body(rules: SiteRules, document: Document) -> tuple[Node, ...]:
    """Return the elements of the first body expression that matches, without nested ones."""
    for xpath in rules.body:
        found = _elements(xpath, document)
        chosen = set(found)
        outer = [element for element in found if not any(above in chosen for above in element.ancestors)]
        outer = list(dict.fromkeys(outer))
        if any(element.text.strip() or element.find("img") is not None for element in outer):
            return tuple(outer)
    return ()


def _page_address(links: Sequence[PageLink], document: Document, base: str | None) -> str | None:
    """Return the URL of the first link whose guard matches: an href, an attribute's value or a string."""
    for link in links:
        if link.guard and not _hits(link.guard, document):
            continue
        for item in _evaluate(link.xpath, document):
            given = item.attr("href") if isinstance(item, Element) else str(item)
            address = resolve(given.strip(), base) if given and given.strip() else None
            if address is not None:
                return address
    return None


def with_rule_outcome(metadata: Metadata, outcome: RuleOutcome) -> Metadata:
    """Return metadata in which the values that rules found replace the others."""
    provenance: dict[str, Origin] = dict(metadata.provenance)
    changed = metadata
    if outcome.title:
        changed = replace(changed, title=outcome.title)
        provenance["title"] = "rule"
    if outcome.authors:
        changed = replace(changed, authors=outcome.authors)
        provenance["authors"] = "rule"
    if outcome.date:
        clock = parse_date(outcome.date, kind="published", origin="rule", language=metadata.language)
        if clock is not None:
            changed = replace(changed, published=clock, clocks=(clock, *metadata.clocks))
            provenance["published"] = "rule"
    return replace(changed, provenance=provenance)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """The result of one test_url. missing: texts of test_contains that the article lacks."""

    url: str
    words: int
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return self.words > 0 and not self.missing and not self.warnings


def judge_test(url: str, contains: Sequence[str], text: str, warnings: Sequence[str]) -> RuleVerdict:
    """Compare a test page's article with its rule's expectations; white space does not count."""
    whole = " ".join(text.split())
    missing = tuple(wanted for wanted in contains if " ".join(wanted.split()) not in whole)
    return RuleVerdict(url=url, words=len(whole.split()), missing=missing, warnings=tuple(warnings))
