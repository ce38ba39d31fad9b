"""Signs that a page is no article: gone, a list of other pages, a shop's page, a forum's, or empty.

Each sign has points; three make a verdict. A page that declares in its structured data that it is an article
with a date is taken for one, and so is one that begins as the feed's entry does.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from urllib.parse import SplitResult, urlsplit

from unabridged.extraction.completeness.endings import is_read_more
from unabridged.extraction.completeness.facts import ARTICLE_TYPES, SHORT, VERY_SHORT, Facts
from unabridged.extraction.html.dom import Element
from unabridged.text.patterns import lazy_regex

ENOUGH = 3
"""Points from which a page is no article; set on the dev part of bench/completeness."""
MOST_OF_SHOP = 2
"""Points that controls to buy can give; they are looked for only where these decide."""
MOST_HEADINGS = 200
LEAST_LINKED = 4
"""Headings of the text that link elsewhere: an article has none or one, a list one for each entry."""
MOST_PROSE = 120
"""Words for each linked heading: an article in sections has more of them."""
FEED_LETTERS = 40
"""Letters at the beginning of the feed's entry that are looked for in the text."""

_GONE_TITLES = lazy_regex(
    r"\b404\b|^\W*(?:page|article|content|file) (?:was |could )?not (?:be )?found|page (?:doesn.t exist|"
    r"unavailable)|"
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|pagina non "
    r"trovata|"
    r"página não encontrada|pagina niet gevonden|страница не найдена|strona nie (?:została )?znaleziona|"
    r"(?:page|content) (?:you .{0,40})?(?:does not|doesn.t|no longer) exist|sidan (?:kunde inte hittas|"
    r"finns inte)|"
    r"siden (?:ble|blev) ikke fundet|siden finnes ikke|sivua ei löyd|stránka (?:nebyla nalezena|neexistuje)|"
    r"az oldal nem található|sayfa bulunamadı|pagina nu a fost găsită|η σελίδα δεν βρέθηκε|"
    r"halaman tidak ditemukan|الصفحة غير موجودة|"
    r"页面不存在|找不到(?:页面|頁面)|ページが見つかりません|페이지를 찾을 수 없",
    re.I,
)
_LISTS = frozenset(
    "website webpage collectionpage searchresultspage itemlist product productgroup profilepage aboutpage "
    "contactpage "
    "itempage organization localbusiness jobposting product.item profile books.book music.song video.other "
    "game".split()
)
_RELATIVE = lazy_regex(r"[\w.-]+(?:/|\.\w)")
_COLLECTIONS = frozenset("collectionpage itemlist searchresultspage offercatalog".split())
_PRODUCTS = frozenset(
    "product productgroup someproducts productmodel individualproduct offer aggregateoffer".split()
)
_FORUMS = frozenset("discussionforumposting qapage".split())
_FORUM_SOFTWARE = lazy_regex(
    r"^(?:discourse|vbulletin|phpbb|mybb|xenforo|invision|flarum|nodebb|smf|vanilla|fluxbb|punbb|woltlab|"
    r"burning board|kunena|simple machines)",
    re.I,
)
_FORUM_MARKS = (
    "phpbb", "nodebb", "flarum", "data-xf-", "xenforo", "ipsLayout", "ipsType_", "bbpress", "bbp-",
    "discourse-application", "data-discourse", "vbulletin", "vBulletin", "kunena", "wpforo", "asgarosforum",
    "talkyard", "flaskbb", "misago", "dwqa", "punwrap", "shreddit", "thing_t3_",
)  # fmt: skip
_FORUM_PATH = lazy_regex(
    r"/(?:forums?|foren|foro|foros|forumas|bbs|boards?|threads?|viewtopic|showthread|viewthread|community|"
    r"comunidad|discussions?|discuss|questions?|faq|ask|topics?)(?:[/._-]|$)|/(?:t|d)/[\w%.-]+(?:/\d+|$)|"
    r"/r/\w+/comments/|(?:viewtopic|showthread|topic|thread|forumdisplay)\.(?:php|aspx?|html?)|"
    r"^/(?:forums?|bbs|board|community)\.",
    re.I,
)
_FORUM_HOST = lazy_regex(
    r"^(?:forums?|foro|bbs|boards?|community|discuss(?:ions?)?|talk|answers?|support|meta)\d?\.", re.I
)
_SHOP_PATH = lazy_regex(
    r"/(?:products?|produkte?|produits?|productos?|produtos?|prodotti|shop|store|boutique|tienda|loja|"
    r"collections?|categor(?:y|ies|ie|ia|ias|y)|kategorie|cat|c|p|dp|ip|itm|item|listing|artikel-nr|catalog|"
    r"catalogue|brands?)(?:/|$)",
    re.I,
)
_LIST_PATH = lazy_regex(
    r"/(?:news|latest|archives?|archiv|topics?|tags?|categor\w+|kategorie|section|sections|author|authors|"
    r"search|list|lists|issues|trending|all|index|blog|press|category|themen|thema|rubrik|rubriques?|"
    r"sujet|temas?|argomenti|etiquetas?|tagged|charts?|rankings?|events?|page|seite|pagina)"
    r"(?:/[^/]{1,60}|/\d+)?/?(?:index\.\w+)?$",
    re.I,
)
_FORUM_ADDRESS = "the address is that of a forum"
_CARTS = (
    "add-to-cart", "add_to_cart", "addToCart", "AddToCart", "add-to-bag", "Add to cart", "Add to Cart",
    "Add to bag", "addtocart", "Add to basket", "add-to-basket", "product-price", "productPrice",
)  # fmt: skip


def gone(facts: Facts) -> Iterator[str]:
    """Yield the sign that the article is not there any more, whatever the status said."""
    title = facts.metadata.title
    if facts.words < VERY_SHORT and (_GONE_TITLES.search(title) or _GONE_TITLES.search(_heading(facts))):
        yield f"the title says that the page is gone: “{title[:80]}”"


def _heading(facts: Facts) -> str:
    return next((" ".join(one.text.split())[:200] for one in facts.dom.elements(("h1",))), "")


def no_article(facts: Facts) -> Iterator[str]:
    """Yield the signs of a list, a shop's page or a forum's, if together they are enough."""
    if facts.is_article or _is_entry(facts):
        return
    found = [pair for sign in _SIGNS if (pair := sign(facts))[0]]
    points = sum(points for points, _ in found)
    if ENOUGH - MOST_OF_SHOP <= points < ENOUGH and (shop := _shop(facts))[0]:
        found.append(shop)
        points += shop[0]
    if points >= ENOUGH:
        yield from (said for own, said in found if own > 0)


def empty(facts: Facts) -> Iterator[str]:
    """Yield the sign that there is no text, or hardly one on a page that calls itself something else."""
    kind = (facts.metadata.kind or "").lower()
    dated = facts.metadata.published is not None or bool(facts.metadata.authors)
    if facts.words == 0:
        yield "no text was found"
    elif kind in _LISTS and not dated and facts.words < SHORT and _page_links(facts) > 0.5:
        yield (
            f"the page calls itself {facts.metadata.kind}, has neither date nor author and "
            f"{facts.words} words "
            "of text"
        )


def _page_links(facts: Facts) -> float:
    return facts.given.signals.get("page_links", 1.0)


def _is_entry(facts: Facts) -> bool:
    """Say whether the text holds the beginning of the feed's entry: then it is what the feed announced."""
    letters = "".join(facts.given.feed.content.split() or facts.given.feed.summary.split())[:FEED_LETTERS]
    return len(letters) == FEED_LETTERS and letters in "".join(facts.text[:5000].split())


def _declared(facts: Facts) -> tuple[int, str]:
    """Points for what the page calls itself."""
    types = facts.metadata.types
    if types & _FORUMS and not types & (ARTICLE_TYPES - {"blogposting"}):
        return 3, f"the page calls itself {_name(types & _FORUMS)}"
    if types & ARTICLE_TYPES:
        return -1, "the page calls itself an article"
    if types & _COLLECTIONS:
        return 2, f"the page calls itself {_name(types & _COLLECTIONS)}"
    if types & _PRODUCTS or "product" in (facts.metadata.kind or "").lower():
        return 2, "the page calls itself a product"
    return 0, ""


def _name(types: frozenset[str]) -> str:
    return sorted(types)[0]


def _address(facts: Facts) -> tuple[int, str]:
    """Points for an address as lists, shops and forums have them."""
    if not facts.given.url:
        return 0, ""
    parts = _split(facts.given.url)
    path = parts.path or "/"
    if path == "/" and parts.netloc and not parts.query:
        return 2, "the address is that of a front page"
    if _FORUM_PATH.search(path) or _FORUM_HOST.search(parts.netloc):
        return 1, _FORUM_ADDRESS
    if _SHOP_PATH.search(path):
        return 1, "the address is that of a shop"
    return (1, "the address is that of a list") if _LIST_PATH.search(path) else (0, "")


def _software(facts: Facts) -> tuple[int, str]:
    """Points for the software of a forum."""
    if _FORUM_SOFTWARE.search(facts.metadata.generator):
        return 3, f"the page was written by {facts.metadata.generator[:20]}"
    if _address(facts)[1] == _FORUM_ADDRESS:
        source = facts.dom.source
        marks = [mark for mark in _FORUM_MARKS if mark in source]
        if marks:
            return 2, f"the page has the marks of a forum: {marks[0]}"
    return 0, ""


def _headings(facts: Facts) -> tuple[int, str]:
    """Points for headings in the text that link to other pages."""
    lines = frozenset(facts.lines)
    host = _split(facts.given.url or "").netloc.removeprefix("www.")
    headings = islice(facts.dom.elements(("h2", "h3", "h4", "h5")), MOST_HEADINGS)
    linked = sum(_leads_on(one, host) and " ".join(one.text.split()) in lines for one in headings)
    if linked < LEAST_LINKED or facts.words > MOST_PROSE * linked:
        return 0, ""
    return (3 if linked >= 2 * LEAST_LINKED else 2), f"{linked} headings of the text link to other pages"


def _leads_on(heading: Element, host: str) -> bool:
    """Say whether a heading links to another page of its site; those of articles link to themselves "
    "or out."""
    link = heading.find("a") or heading.closest("a")
    target = str(link.attr("href") or "").strip() if link is not None else ""
    if target.startswith(("http:", "https:", "//")):
        parts = _split(target)
        return bool(host) and parts.netloc.removeprefix("www.") == host and not parts.fragment
    return target.startswith("/") or bool(_RELATIVE.match(target))


def _split(url: str) -> SplitResult:
    """Return the parts of a URL, empty ones for one that cannot be parsed."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _links(facts: Facts) -> tuple[int, str]:
    """Points for a text that consists of links, or of teasers with "read more"."""
    share = facts.given.signals.get("kept_links", 0.0)
    more = sum(is_read_more(line) and any(map(str.isalpha, line)) for line in facts.lines)
    if more >= 3:
        return 3, f"{more} lines of the text are a “read more”"
    if share >= 0.3:
        return 1, f"{100 * share:.0f} % of the text are links"
    return 0, ""


def _shop(facts: Facts) -> tuple[int, str]:
    """Points for controls to buy."""
    source = facts.dom.source
    found = sum(mark in source for mark in _CARTS)
    if found < 2:
        return 0, ""
    return (2 if found >= 3 else 1), "the page has controls to buy"


_SIGNS: tuple[Callable[[Facts], tuple[int, str]], ...] = (
    _declared,
    _address,
    _software,
    _headings,
    _links,
)
