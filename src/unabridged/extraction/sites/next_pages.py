"""Links of a site's articles to their next pages: the form of their addresses, and where they stand.

The address of page # is that of page 1 with something put in: "?page=#", "/#", "-#" before ".html".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from unabridged import urls
from unabridged.errors import InvalidURL
from unabridged.extraction.html.dom import Dom, Element
from unabridged.extraction.html.resolve import resolve
from unabridged.extraction.multipage.next_page import (
    MOST_LINKS,
    is_next_link,
    leads_to_comments,
    next_links,
    page_stem,
)
from unabridged.extraction.sites.profile import NextPages
from unabridged.extraction.sites.selectors import selectors_of
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

LEAST_PAGES = 2
"""Pages of a template on which a kind of link must stand to be learnt."""
SAME_PLACE = 0.8
"""Share of these pages whose link one selector must name."""
MOST_FOUND = 5
"""Links of a page that are noted."""
MOST_FORMS = 6
"""Kinds of links of a template that are kept."""
LONGEST_ADDED = 30
"""Characters of a URL that may omit the article's own name."""
_ADDED = lazy_regex(r"(?P<before>[^\d#]{0,20})(?P<number>\d)(?P<after>[^\d#]{0,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLink:
    """A link of a sample page to what may be its next page. form: as in `NextPages`; selectors: of the link
    and of the elements around it."""

    address: str
    form: str
    selectors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """A page's address and title, and its links to next pages."""

    url: str
    title: str
    links: tuple[NextLink, ...]


def links_onward(dom: Dom, url: str | None) -> tuple[NextLink, ...]:
    """Return the links of page 1 of an article that may lead to its page 2, those that the general extraction
    follows first. url: the page's own."""
    if not url:
        return ()
    found: dict[str, NextLink] = {}
    links = (*islice(next_links(dom, url), MOST_FOUND), *islice(_presented(dom, url), MOST_FOUND))
    for address, link in links:
        form = form_of_address(url, address)
        if form and form not in found:
            found[form] = NextLink(address=address, form=form, selectors=_names(link))
    return tuple(found.values())


def _presented(dom: Dom, url: str) -> Iterator[tuple[str, Element]]:
    """Yield all links to page 2 by their words, whatever is added to their addresses."""
    name = page_stem(url).partition("?")[0].rsplit("/", 1)[-1]
    for link in dom.select('a[href*="2"],link[rel~=next][href*="2"]')[:MOST_LINKS]:
        href = (link.attr("href") or "").strip()
        if name not in href and len(href) > LONGEST_ADDED:
            continue
        address = resolve(href, url)
        if address is None or leads_to_comments(address) or not is_next_link(link, 2):
            continue
        yield address.partition("#")[0], link


def _names(link: Element) -> tuple[str, ...]:
    """Return the selectors of a link, then those of the two elements around it."""
    own = [f'{link.tag}[rel="next"]'] if link.attr("rel") == "next" else []
    around = [above for above in islice(link.ancestors, 2) if isinstance(above, Element)]
    return (*own, *(name for element in (link, *around) for name in selectors_of(element)))


# ---- addresses ---------------------------------------------------------------------------------


def form_of_address(url: str, address: str) -> str | None:
    """Return what the address of page 2 adds to that of page 1, with # for the number; None if it is not made
    so, or if `url` is not page 1."""
    own, other = _bare(url), _bare(address)
    if len(other) <= len(own):
        return None
    start = next((place for place, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), len(own))
    found = _ADDED.fullmatch(other[start : start + len(other) - len(own)])
    if found is None or int(found["number"]) != 2 or not found["before"]:
        return None
    form = f"{found['before']}#{found['after']}"
    return form if _split(address, form) == (own, 2) else None


def _bare(url: str) -> str:
    """Return an address without scheme, trackers, fragment and the slash at its end."""
    whole = urls.strip_trackers(url.partition("#")[0])
    host_and_path, mark, query = whole.partition("://")[2].partition("?")
    return f"{host_and_path.rstrip('/')}{mark}{query}"


def _split(url: str, form: str) -> tuple[str, int]:
    """Return an address without the part that a form describes, and its number: 1 without such a part."""
    bare = _bare(url)
    before, _, after = form.partition("#")
    end = r"(?=&|\Z)" if "=" in before else r"(?=\.\w{2,5}(?:\?|\Z)|\?|\Z)"
    found = re.search(rf"{re.escape(before)}(\d{{1,3}}){re.escape(after)}{end}", bare)
    if found is None:
        return bare, 1
    return bare[: found.start()] + bare[found.end() :], int(found[1])


def is_next(url: str, address: str, form: str) -> bool:
    """Say whether an address is that of the page after `url`, both of one form."""
    stem, number = _split(url, form)
    return _split(address, form) == (stem, number + 1)


# ---- learning ----------------------------------------------------------------------------------


def learn_next_pages(pages: Sequence[PageLinks]) -> tuple[NextPages, ...]:
    """Return the kinds of links to next pages of a template's pages, the most frequent first.

    A kind that leads to another article of the site, or whose addresses number the site's articles, is kept
    as refused.
    """
    by_form: defaultdict[str, list[tuple[PageLinks, NextLink]]] = defaultdict(list)
    for page in pages:
        for link in page.links:
            by_form[link.form].append((page, link))
    titles = {_key(page.url): page.title for page in pages}
    refused = numbering(pages)
    for form, links in by_form.items():
        if any(not _same_title(titles.get(_key(link.address), ""), page.title) for page, link in links):
            refused[form] = max(refused[form], len(links))
    found = [
        NextPages(selector=_place(links), form=form, pages=len(pages), agree=len(links))
        for form, links in by_form.items()
        if len(links) >= LEAST_PAGES and form not in refused
    ]
    found += [
        NextPages(selector="", form=form, pages=len(pages), agree=count, refused=True)
        for form, count in refused.items()
    ]
    return tuple(sorted(found, key=lambda kind: (-kind.agree, kind.form))[:MOST_FORMS])


def numbering(pages: Sequence[PageLinks]) -> Counter[str]:
    """Return the forms of addresses that number articles, with the pages that have such addresses.

    They are the same but for a number, and lead to articles with different titles: "/story-7", "/?p=12".
    """
    groups: defaultdict[str, list[PageLinks]] = defaultdict(list)
    for page in pages:
        groups[page_stem(page.url)].append(page)
    found: Counter[str] = Counter()
    for group in groups.values():
        if all(_same_title(page.title, group[0].title) for page in group):
            continue
        found.update(f"{number[1]}#" for page in group if (number := _NUMBERED.search(_bare(page.url))))
    return found


_NUMBERED = lazy_regex(r"([?&]\w{1,20}=|[^\w?&]|_)\d{1,2}(?=\.\w{2,5}\Z|\Z)")


def _same_title(one: str, other: str) -> bool:
    """Say whether two titles may be of one article: one of them is the other with a word more, or unknown."""
    first, second = letters_only(one), letters_only(other)
    return first in second or second in first


def _key(url: str) -> str:
    try:
        return urls.identity(url)
    except InvalidURL:
        return url


def _place(links: Sequence[tuple[PageLinks, NextLink]]) -> str:
    """Return the selector that names nearly all of the links, nearest to them; "" if there is none."""
    counts = Counter(name for _, link in links for name in link.selectors)
    names = dict.fromkeys(name for _, link in links for name in link.selectors)
    return next((name for name in names if counts[name] >= SAME_PLACE * len(links)), "")


# ---- reading -----------------------------------------------------------------------------------


def known_next(kinds: Sequence[NextPages], dom: Dom, url: str) -> str | None:
    """Return the URL of the next page of the article at `url`, None if there is none.

    The site's own kinds of links come first. Without one on this page any next page counts, but none of the
    kinds that lead to other articles.
    """
    for kind in kinds:
        if not kind.refused and (address := _linked(kind, dom, url)):
            return address
    refused = [kind.form for kind in kinds if kind.refused]
    for address, _ in next_links(dom, url):
        if not any(is_next(url, address, form) for form in refused):
            return address
    return None


def _linked(kind: NextPages, dom: Dom, url: str) -> str | None:
    """Return the address of the next page among the links in a kind's place."""
    wanted = str(_split(url, kind.form)[1] + 1)
    for element in dom.select(kind.selector)[:MOST_LINKS] if kind.selector else [dom.root]:
        links = [element] if element.attr("href") else element.select(f'a[href*="{wanted}"]')[:MOST_LINKS]
        for link in links:
            address = resolve((link.attr("href") or "").strip(), url)
            if address is not None and is_next(url, address, kind.form):
                return address.partition("#")[0]
    return None
