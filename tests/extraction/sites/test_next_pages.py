"""Next pages of a site's articles: which links lead to them, and which to other articles."""

import pytest

from tests.extraction.sites.site_pages import site_page
from unabridged.extraction.html.dom import parse
from unabridged.extraction.multipage.next_page import find_next
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.rules.parse import parse_site_config
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.next_pages import (
    PageLinks,
    form_of_address,
    is_next,
    known_next,
    learn_next_pages,
    links_onward,
)
from unabridged.extraction.sites.profile import NextPages
from unabridged.extraction.sites.read import read_known
from unabridged.extraction.sites.samples import sample_page
from unabridged.extraction.sites.written import from_json, to_json, to_site_config

SITE = "https://post.example"


@pytest.mark.parametrize(
    ("url", "address", "form"),
    [
        ("/story", "/story?page=2", "?page=#"),
        ("/story?id=7&utm_source=rss", "/story?id=7&page=2", "&page=#"),
        ("/story/", "/story/2/", "/#"),
        ("/story", "/story/page/2", "/page/#"),
        ("/story.html", "/story-2.html", "-#"),
        ("/story-7.html", "/story-7,seite2.html", ",seite#"),
        ("/story", "/story2", None),
        ("/story", "/story/12", None),
        ("/story", "/other?page=2", None),
        ("/2012/05/story", "/2012/05/story/2", "/#"),
        ("/story?page=2", "/story?page=3", None),
    ],
)
def test_the_form_is_what_page_2_adds(url: str, address: str, form: str | None) -> None:
    assert form_of_address(SITE + url, SITE + address) == form
    if form is not None:
        assert is_next(SITE + url, SITE + address, form)
        third = SITE + address.replace("2", "3") if "2012" not in address else f"{SITE}/2012/05/story/3"
        assert is_next(SITE + address, third, form) and not is_next(SITE + url, third, form)


def page(url: str, title: str, body: str) -> PageLinks:
    return PageLinks(url=SITE + url, title=title, links=links_onward(parse(f"<body>{body}"), SITE + url))


def pager(address: str) -> str:
    return f'<div class="seiten"><a class="weiter" href="{address}">Weiter</a></div>'


def test_an_address_that_no_list_knows_is_learnt_from_two_pages() -> None:
    pages = [page(f"/{name}", name, pager(f"/{name}?teilstueck=2")) for name in ("harbour", "orchard")]
    pages += [page("/museum", "museum", "")]
    (kind,) = learn_next_pages(pages)
    assert kind == NextPages(selector="a.weiter", form="?teilstueck=#", pages=3, agree=2)
    new = parse(f"<body>{pager('/railway?teilstueck=2')}")
    assert find_next(new, f"{SITE}/railway") is None
    assert known_next((kind,), new, f"{SITE}/railway") == f"{SITE}/railway?teilstueck=2"
    second = parse(f"<body>{pager('/railway?teilstueck=3')}")
    assert known_next((kind,), second, f"{SITE}/railway?teilstueck=2") == f"{SITE}/railway?teilstueck=3"
    assert known_next((kind,), second, f"{SITE}/other?teilstueck=2") is None
    assert learn_next_pages(pages[1:]) == ()


def test_links_to_numbered_articles_are_refused() -> None:
    def next_to(number: int) -> str:
        return f'<a rel="next" href="/diary-{number}">Next</a>'

    pages = [page(f"/diary-{n}", f"Day {n} in the {n * 'x'} hills", next_to(n + 1)) for n in (1, 3, 6)]
    kinds = learn_next_pages(pages)
    assert [(kind.form, kind.refused, kind.agree) for kind in kinds] == [("-#", True, 3)]
    new = parse(f"<body>{next_to(10)}")
    assert find_next(new, f"{SITE}/diary-9") == f"{SITE}/diary-10"
    assert known_next(kinds, new, f"{SITE}/diary-9") is None
    paged = parse(f"<body>{pager('/diary-9?page=2')}")
    assert known_next(kinds, paged, f"{SITE}/diary-9?x=1") is None


def test_a_link_to_an_article_that_is_held_is_refused() -> None:
    first = page("/walk", "Ten walks for the snow", '<a rel="next" href="/walk-2">Next</a>')
    (kind,) = learn_next_pages([first, page("/walk-2", "A museum reopens at last", "")])
    assert kind.refused and kind.form == "-#"
    assert known_next((kind,), parse('<body><a rel="next" href="/run-2">Next</a>'), f"{SITE}/run") is None
    same = page("/walk-2", "Ten walks for the snow (page 2)", "")
    assert learn_next_pages([first, same]) == ()


def test_pages_of_one_article_are_no_numbered_articles() -> None:
    pages = [page(f"/story/{n}", "The lamp on the point", "") for n in (1, 2, 3)]
    assert learn_next_pages(pages) == ()


def test_a_site_without_next_pages_still_follows_one() -> None:
    kinds = learn_next_pages([page(f"/{name}", name, "") for name in ("harbour", "orchard", "museum")])
    assert kinds == ()
    new = parse('<body><a href="/railway?page=2">2</a>')
    assert known_next(kinds, new, f"{SITE}/railway") == f"{SITE}/railway?page=2"


def test_a_page_of_the_site_is_read_with_its_next_page_and_as_a_rule() -> None:
    sources = [site_page(number) for number in range(6)]
    paged = [
        source.html.replace("</main>", pager(f"/{n}?teilstueck=2") + "</main>") if n % 2 else source.html
        for n, source in enumerate(sources)
    ]
    samples = [sample_page(html, one.url) for html, one in zip(paged, sources, strict=True)]
    profile = learn("post.example", samples)
    assert profile is not None and from_json(to_json(profile)) == profile
    kinds = {kind.form: kind for kind in profile.templates[0].next_pages}
    assert kinds["?teilstueck=#"].agree == 3 and not kinds["?teilstueck=#"].refused
    assert kinds["/#"].refused
    new = site_page(7)
    html = new.html.replace("</main>", pager("/7?teilstueck=2") + "</main>")
    reading = read_known(ExtractRequest(html=html, url=new.url), profile)
    assert reading.part is not None and reading.part.next_page == f"{new.url}?teilstueck=2"
    rules = parse_site_config(to_site_config(profile), file="post.example.txt")
    assert rules.ignored == () and len(rules.rules.next_page_link) == 1
