"""An article on several pages is read to its end, once, and never beyond it."""

from tests.extraction.multipage.pages import page
from unabridged.extraction.article import extract_part
from unabridged.extraction.multipage.join import next_step
from unabridged.extraction.multipage.parts import MOST_PAGES, Done, Fetch, PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.model import Article

HERE = "https://paper.example/2024/bridge.html"


def part(url: str, *blocks: str, next_page: str | None = None, single_page: str | None = None) -> PagePart:
    body = "".join(f"<p>{block}</p>" for block in blocks)
    article = Article(url=url, html=body, text="\n\n".join(blocks), markdown="\n\n".join(blocks))
    return PagePart(article=article, next_page=next_page, single_page=single_page)


def done(parts: list[PagePart], failed: frozenset[str] = frozenset()) -> Article:
    step = next_step(parts, failed)
    assert isinstance(step, Done)
    return step.article


def test_three_pages_are_read_and_joined() -> None:
    second, third = HERE.replace(".html", "-2.html"), HERE.replace(".html", "-3.html")
    links = {HERE: f'<a href="{second}">2</a>', second: f'<a href="{third}">Next</a>', third: ""}
    parts = [extract_part(ExtractRequest(html=page(1, links[HERE]), url=HERE))]
    while isinstance(step := next_step(parts), Fetch):
        parts.append(extract_part(ExtractRequest(html=page(len(parts) + 1, links[step.url]), url=step.url)))
    article = step.article
    assert [f"On page {n} " in article.text for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert article.url == HERE and article.title == "The bridge"
    assert "Joined from 3 pages." in article.warnings


def test_blocks_that_every_page_repeats_are_written_once() -> None:
    parts = [part(HERE, "lead", "one", next_page=HERE + "?page=2"), part(HERE + "?page=2", "lead", "two")]
    assert done(parts).text == "lead\n\none\n\ntwo"


def test_a_page_that_repeats_the_last_ends_the_chain() -> None:
    parts = [
        part(HERE, "a", "b", next_page=HERE + "?page=2"),
        part(HERE + "?page=2", "a", "b", next_page=HERE + "?page=3"),
    ]
    article = done(parts)
    assert article.text == "a\n\nb" and not article.warnings


def test_a_loop_is_not_followed() -> None:
    second = HERE + "?page=2"
    parts = [part(HERE, "a", next_page=second), part(second, "b", next_page=HERE)]
    assert done(parts).text == "a\n\nb"


def test_no_more_than_the_most_pages_are_asked_for() -> None:
    parts = [
        part(f"{HERE}?page={n}", f"text {n}", next_page=f"{HERE}?page={n + 1}")
        for n in range(1, MOST_PAGES + 1)
    ]
    assert isinstance(next_step(parts[:-1]), Fetch) and isinstance(next_step(parts), Done)


def test_a_page_that_fails_is_named() -> None:
    second = HERE + "?page=2"
    article = done([part(HERE, "a", next_page=second)], frozenset((second,)))
    assert article.text == "a" and second in article.warnings[0]


def test_another_site_is_never_followed() -> None:
    assert isinstance(next_step([part(HERE, "a", next_page="https://evil.example/2")]), Done)


def test_a_single_page_view_is_believed_when_it_holds_as_much() -> None:
    single = "https://paper.example/print/bridge"
    first = part(HERE, "a", next_page=HERE + "?page=2", single_page=single)
    assert next_step([first]) == Fetch(url=single)
    article = done([first, part(single, "a", "b", "c")])
    assert article.text == "a\n\nb\n\nc" and article.url == HERE
    assert next_step([first, part(single, "")]) == Fetch(url=HERE + "?page=2")
    assert next_step([first], frozenset((single,))) == Fetch(url=HERE + "?page=2")


def test_a_refrain_of_an_earlier_page_stays_and_what_frames_each_page_does_not() -> None:
    first = part(
        HERE, "By all.", "Verse one.", "O the rope.", "Verse two.", "Buy the book.", next_page=SECOND
    )
    second = part(SECOND, "By all.", "Verse three.", "O the rope.", "Verse four.", "Buy the book.")
    text = done([first, second]).text
    assert text.count("O the rope.") == 2
    assert text.count("By all.") == text.count("Buy the book.") == 1


SECOND = "https://paper.example/2024/bridge-2.html"
