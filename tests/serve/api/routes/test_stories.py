"""Near-duplicates and named sources in the API."""

from tests.serve.api.conftest import Program
from tests.serve.views.test_related import wire
from unabridged.client import Client


def test_copies_and_credits_of_an_article(api: Program) -> None:
    desk = api.desk
    desk.subscribe([wire(21)], title="The Morning")
    desk.subscribe([wire(22)], title="The Evening")
    one, other = (desk.archive.library().articles.find(f"https://news.example/story-{n}") for n in (21, 22))
    assert one is not None and other is not None
    assert api.get(f"/articles/{one.id}/copies")["articles"] == []
    desk.archive.analysis.all()
    [found] = api.get(f"/articles/{one.id}/copies")["articles"]
    assert (found["id"], found["feed_title"]) == (other.id, "The Evening")
    credits = api.get(f"/articles/{one.id}/credits")["credits"]
    assert [(each["source"], each["relation"], each["parent"]) for each in credits] == [
        ("Reuters", "report", None),
        ("Xinhua", "cites", 0),
    ]
    with Client(str(api.client.base_url), api.secret) as client:
        assert [line.id for line in client.articles.copies(one.id)] == [other.id]
        assert [each.source for each in client.articles.credits(one.id)] == ["Reuters", "Xinhua"]


def test_an_article_that_is_not_there_is_told(api: Program) -> None:
    for part in ("copies", "credits"):
        assert api.problem("GET", f"/articles/999/{part}")["status"] == 404


def test_a_list_folds_near_duplicates_if_asked(api: Program) -> None:
    api.desk.subscribe([wire(21)], title="The Morning")
    api.desk.subscribe([wire(22)], title="The Evening")
    api.desk.archive.analysis.all()
    wires = [one for one in api.get("/articles")["articles"] if one["title"].startswith("Wire")]
    assert [one["folded"] for one in wires] == [[], []]
    first, second = sorted(one["id"] for one in wires)
    for address in ("/articles?copies=fold", "/articles?copies=fold&content=text"):
        listed = {one["id"]: one["folded"] for one in api.get(address)["articles"]}
        assert listed[first] == [second]
        assert second not in listed
