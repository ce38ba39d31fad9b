"""Text outside a template's body: learnt, and noticed where no page had any."""

from tests.extraction.sites.site_pages import TEMPLATE, SitePage, known, site_page
from unabridged.extraction.html.dom import parse
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.alarms import Watch, alarm_of, watched
from unabridged.extraction.sites.choose import extract_known
from unabridged.extraction.sites.outside import LongText, learn_outside, long_texts, outside_characters
from unabridged.extraction.sites.read import OUTSIDE, read_known

COMMENT = "I crossed that bridge every morning for eleven years and never saw the keeper at all."


def text(*inside: str, length: int = 100) -> LongText:
    return LongText(length=length, inside=frozenset(inside))


def divided(page: SitePage, kept: int) -> str:
    """Return a page whose last paragraphs stand in a new element at its end."""
    moved = "".join(f"<p>{one}</p>" for one in page.paragraphs[kept:])
    return page.html.replace(moved, "").replace("<footer", f"<div class='further'>{moved}</div><footer")


def test_places_of_long_texts_outside_the_body_are_learnt_and_the_rest_is_counted() -> None:
    pages = [
        [text("div.body", "main"), text("ol.comments", "main"), text("ol.comments", "main", length=300)],
        [text("div.body", "main"), text("aside.rail"), text("main", length=40)],
    ]
    assert learn_outside(pages, ["div.body"]) == (("ol.comments", "aside.rail"), 40)
    assert learn_outside([[text("div.body")]], ["div.body"]) == ((), 0)


def test_scripts_and_short_texts_are_not_counted() -> None:
    dom = parse(f"<body><script>{'x = 1; ' * 90}</script><p>Home</p><ol class='comments'><li>{COMMENT}</ol>")
    [found] = long_texts(dom)
    assert (found.length, "ol.comments" in found.inside) == (len(COMMENT), True)
    assert outside_characters(dom, ["ol.comments"]) == 0


def test_a_divided_body_is_read_whole_the_general_way_and_raises_an_alarm() -> None:
    profile, watch = known(), Watch()
    for number in (6, 7, 8):
        page = site_page(number)
        for kept in (2, 4, 6):
            html = divided(page, kept)
            assert OUTSIDE in read_known(ExtractRequest(html=html, url=page.url), profile).failed
        found = extract_known(ExtractRequest(html=divided(page, 4), url=page.url), profile)
        assert all(one in found.part.article.text for one in page.paragraphs)
        watch = watched(watch, found.seen)
    assert alarm_of(watch).startswith("much text stood outside the body on 3 of the last 3 pages")


def test_known_places_may_hold_any_length_of_text() -> None:
    comments = f"<ol class='comments'>{f'<li>{COMMENT}</li>' * 3}</ol><footer"
    profile = known(TEMPLATE.replace("<footer", comments))
    page = site_page(
        7, TEMPLATE.replace("<footer", comments.replace("</ol>", f"{f'<li>{COMMENT}</li>' * 40}</ol>"))
    )
    assert read_known(ExtractRequest(html=page.html, url=page.url), profile).passed
