"""An article that its page holds only in part is read from the page's other view, if that holds more."""

import pytest

from unabridged.extraction.article import extract_part
from unabridged.extraction.html.dom import parse
from unabridged.extraction.multipage.full_view import find_full_view
from unabridged.extraction.multipage.join import next_step
from unabridged.extraction.multipage.parts import Done, Fetch, PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.model import Article, Completeness

HERE = "https://paper.example/2024/the-last-bridge.html"
NUMBERED = "https://paper.example/news/article.php?id=482913"
SENTENCES = [
    f"On the {n}th day the council met once more to decide about the bridge, and once more it waited."
    for n in range(1, 9)
]


@pytest.mark.parametrize(
    ("here", "link", "found"),
    [
        (HERE, '<a href="?page=all">1 2 3 All</a>', HERE + "?page=all"),
        (HERE, '<a href="the-last-bridge-single.html">View as single page</a>', None),
        (HERE, '<a href="/2024/the-last-bridge/komplettansicht">Auf einer Seite lesen</a>', None),
        (HERE, '<a href="/2024/the-last-bridge.html/full">阅读全文</a>', None),
        (HERE, '<a href="?view=print"><i class=icon></i></a>', HERE + "?view=print"),
        (HERE, '<link rel=alternate media=print href="/p/77">', "https://paper.example/p/77"),
        (NUMBERED, '<a href="/print.php?id=482913">Drucken</a>', "https://paper.example/print.php?id=482913"),
        (HERE, '<link rel=amphtml href="https://amp.paper.example/2024/the-last-bridge.html">', None),
        (
            HERE,
            '<link rel=amphtml href="https://cdn.amps.example/c/bridge">',
            "https://cdn.amps.example/c/bridge",
        ),
    ],
)
def test_the_view_is_found(here: str, link: str, found: str | None) -> None:
    view = find_full_view(parse(f"<title>x</title><p>text {link}"), here)
    assert view is not None and (found is None or view == found)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/all">View all</a>',
        '<a href="/2024/another-story.html">Read the full story</a>',
        '<a href="https://other.example/2024/the-last-bridge.html">Read the full story</a>',
        '<a href="/print-edition/subscribe">Print</a>',
        '<a href="javascript:window.print()">Print</a>',
        '<a href="#full">Full article</a>',
        '<a href="https://printfriendly.example/print?url=the-last-bridge.html">Print</a>',
        f'<link rel=amphtml href="{HERE}">',
        '<link rel=amphtml href="javascript:alert(1)">',
        '<a href="http://[/print/the-last-bridge">Print</a>',
    ],
)
def test_what_is_no_view_of_the_article_is_not_asked_for(link: str) -> None:
    assert find_full_view(parse(f"<title>x</title><p>text {link}"), HERE) is None


def test_a_single_page_comes_before_print_and_amp() -> None:
    links = '<link rel=amphtml href="/amp/1"><a href="?print=1">Print</a><a href="?page=all">All</a>'
    assert find_full_view(parse(links), HERE) == HERE + "?page=all"


def page(sentences: list[str], more: str = "") -> str:
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"<title>The last bridge</title><article><h1>The last bridge</h1>{text}</article>{more}"


PRINT = '<a href="?view=print">Print</a>'


def test_a_whole_page_is_never_asked_for_in_another_form() -> None:
    assert extract_part(ExtractRequest(html=page(SENTENCES, PRINT), url=HERE)).is_complete


def test_a_page_for_those_who_pay_is_left_at_that() -> None:
    paid = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    part = extract_part(
        ExtractRequest(
            html=page(SENTENCES[:1], "<p>Subscribe now to continue reading this article." + paid + PRINT),
            url=HERE,
        )
    )
    assert part.article.completeness.kind == "paywalled" and part.view is None


def test_a_cut_page_is_read_from_its_view_for_print() -> None:
    first = extract_part(ExtractRequest(html=page([*SENTENCES[:1], "Continue reading"], PRINT), url=HERE))
    assert next_step([first]) == Fetch(url=HERE + "?view=print")
    step = next_step([first, extract_part(ExtractRequest(html=page(SENTENCES), url=HERE + "?view=print"))])
    assert isinstance(step, Done) and SENTENCES[-1] in step.article.text
    assert step.article.url == HERE and step.article.completeness.kind == "full"
    assert f"Read from the article's full view: {HERE}?view=print" in step.article.warnings


def test_a_page_without_text_is_read_from_its_amp_form() -> None:
    empty = '<title>The last bridge</title><link rel=amphtml href="/amp/bridge"><div id=app></div>'
    first = extract_part(ExtractRequest(html=empty, url=HERE))
    assert first.view == "https://paper.example/amp/bridge"
    step = next_step([first, extract_part(ExtractRequest(html=page(SENTENCES), url=first.view))])
    assert isinstance(step, Done) and SENTENCES[-1] in step.article.text


def part(url: str, *lines: str, kind: str = "full", **more: str) -> PagePart:
    body = "".join(f"<p>{line}</p>" for line in lines)
    whole = Completeness(kind=kind)  # type: ignore[arg-type]
    article = Article(
        url=url, title="The last bridge", html=body, text="\n\n".join(lines), completeness=whole
    )
    return PagePart(article=article, **more)


VIEW = HERE + "?view=print"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([], "not_an_article"),
        (SENTENCES[:1], "full"),
        (["Please sign in to print this page, " + "or write to us and wait. " * 30], "full"),
        (SENTENCES, "blocked"),
    ],
)
def test_a_view_that_is_no_better_changes_nothing(lines: list[str], kind: str) -> None:
    first = part(HERE, *SENTENCES[:3], kind="truncated", view=VIEW)
    step = next_step([first, part(VIEW, *lines, kind=kind)])
    assert isinstance(step, Done) and step.article.html == first.article.html and not step.article.warnings


def test_a_view_that_cannot_be_read_changes_nothing() -> None:
    first = part(HERE, *SENTENCES[:3], kind="truncated", view=VIEW)
    assert next_step([first], frozenset((VIEW,))) == Done(article=first.article)


def test_a_view_of_the_first_page_alone_does_not_cost_the_others() -> None:
    second = HERE + "?page=2"
    first = part(HERE, *SENTENCES[:4], next_page=second, view=VIEW)
    parts = [first, part(VIEW, *SENTENCES[:4], "Printed.")]
    assert next_step(parts) == Fetch(url=second)
    step = next_step([*parts, part(second, *SENTENCES[4:])])
    assert isinstance(step, Done) and step.article.text == "\n\n".join(SENTENCES)


def test_one_request_for_the_whole_takes_the_place_of_many() -> None:
    first = part(HERE, *SENTENCES[:2], next_page=HERE + "?page=2", view=VIEW)
    step = next_step([first, part(VIEW, *SENTENCES)])
    assert isinstance(step, Done) and step.article.text == "\n\n".join(SENTENCES)


def gallery(number: int, last: int) -> str:
    way_on = f'<a rel=next href="?page={number + 1}">Next</a>' if number < last else ""
    picture = (
        f'<figure><img src="/bridge-{number}.jpg" width=900 height=600><figcaption>Pier {number}, seen from'
    )
    return (
        f"<title>Five piers</title><article><h1>Five piers</h1>{picture} the ferry at dawn, before the first"
        f" workers came to their boats.</figcaption></figure></article>{way_on}"
    )


def test_a_gallery_over_pages_keeps_every_picture_with_its_caption_in_order() -> None:
    parts = [extract_part(ExtractRequest(html=gallery(1, 5), url=HERE))]
    while isinstance(step := next_step(parts), Fetch):
        parts.append(extract_part(ExtractRequest(html=gallery(len(parts) + 1, 5), url=step.url)))
    pictures = [one for one in step.article.media if one.kind == "image"]
    assert [one.url[-5] for one in pictures] == list("12345")
    assert [(one.caption or "")[:6] for one in pictures] == [f"Pier {n}" for n in range(1, 6)]
