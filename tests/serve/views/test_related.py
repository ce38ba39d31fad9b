"""What belongs to an article: its copies elsewhere and the sources that it names, on its page."""

from collections.abc import Callable

import httpx

from tests.serve.running_app import Desk, make_article
from unabridged.archive import Query
from unabridged.model import Article

WIRE = "Reuters reported on Monday, citing Xinhua, that the harbour will open again. " + " ".join(
    f"Ship {name} left with cargo for the islands." for name in ("Ann", "Bea", "Cleo", "Dora", "Ella")
)


def wire(number: int) -> Article:
    return make_article(number, title=f"Wire {number}", text=WIRE, html=f"<p>{WIRE}</p>")


def test_copies_and_sources_stand_below_the_text(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    desk.subscribe([wire(1), make_article(2)], title="The Morning")
    desk.subscribe([wire(3)], title="The <Evening>")
    desk.archive.analysis.all()
    numbers = {line.title: line.id for line in desk.archive.library().articles.headlines(Query()).headlines}
    client = visit(desk)
    html = client.get(f"/a/{numbers['Wire 1']}").text
    assert "Nearly the same text" in html
    assert f'href="/a/{numbers["Wire 3"]}"' in html and "The &lt;Evening&gt;" in html
    assert "reported it" in html and "through Reuters" in html
    assert "that the harbour will open again" in html.split("Sources that it names")[1]
    plain = client.get(f"/a/{numbers['Story number 2']}").text
    assert "Nearly the same text" not in plain and "Sources that it names" not in plain


def test_many_copies_are_folded(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    desk.subscribe([wire(number) for number in range(1, 9)], title="The Morning")
    desk.archive.analysis.all()
    html = visit(desk).get("/a/1").text
    assert "And 2 more." in html
    assert html.count('href="/a/', html.index("Nearly the same text")) >= 7
