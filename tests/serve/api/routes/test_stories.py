"""Near-duplicates, named sources and stories in the API."""

import pytest

from tests.serve.api.conftest import Program
from tests.serve.running_app import make_article
from tests.serve.stories.sample_story import tell
from tests.serve.views.test_related import wire
from unabridged.client import Client, NoSuchThing


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
    for part in ("copies", "credits", "story"):
        assert api.problem("GET", f"/articles/999/{part}")["status"] == 404


def test_stories_are_listed_and_read(api: Program) -> None:
    numbers = tell(api.desk)
    [line] = [one for one in api.get("/stories")["stories"] if one["number"] == numbers[0]]
    assert (line["articles"], line["feeds"]) == (5, 5)
    assert (line["first"]["id"], line["newest"]["id"]) == (numbers[0], numbers[4])
    assert api.get("/stories", articles=6) == {"stories": [], "next": None}
    found = api.get(f"/stories/{numbers[2]}")
    assert (found["number"], found["link"]) == (
        numbers[0],
        f"{api.client.base_url}".rstrip("/") + f"/story/{numbers[0]}",
    )
    assert [one["article"]["id"] for one in found["articles"]] == numbers
    assert [one["copy_of"] for one in found["articles"]] == [None, None, numbers[1], None, None]
    agency = found["articles"][1]
    assert {one["source"] for one in agency["repeated"]} == {numbers[0]}
    assert agency["added"][-1] == "“We are sorry,” its director, Per Aune, told Reuters."
    assert {(one["by"], one["source"]) for one in found["credits"]} >= {("Coast Radio", "Reuters")}
    assert all(one["evidence"][0]["sentence"] for one in found["credits"])
    assert [one["kind"] for one in found["events"]][:3] == ["first", "followed", "copied"]


def test_an_article_names_its_story(api: Program) -> None:
    numbers = tell(api.desk)
    assert api.get(f"/articles/{numbers[3]}/story") == {"story": numbers[0], "articles": 5}
    api.desk.subscribe([make_article(77, title="Recipe", text="Boil an egg.", html="<p>Boil an egg.</p>")])
    api.desk.archive.analysis.all()
    assert api.get(f"/articles/{api.desk.articles[0]}/story") == {"story": None, "articles": 0}


def test_a_client_reads_stories(api: Program) -> None:
    numbers = tell(api.desk)
    with Client(str(api.client.base_url), api.secret) as client:
        assert numbers[0] in [one.number for one in client.stories.all()]
        assert list(client.stories.all(articles=6)) == []
        assert [one.outlet for one in client.stories.get(numbers[0]).articles][:2] == [
            "The Aldmere Post",
            "Coast Radio",
        ]
        assert client.stories.of_article(numbers[1]).story == numbers[0]
        with pytest.raises(NoSuchThing):
            client.stories.get(999)


def test_stories_that_are_not_there_are_told(api: Program) -> None:
    assert api.problem("GET", "/stories/999")["status"] == 404
    assert api.problem("GET", "/stories", cursor="x")["status"] == 404
    assert api.problem("GET", "/stories", articles=1)["status"] == 422


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


def test_a_search_folds_near_duplicates_if_asked(api: Program) -> None:
    api.desk.subscribe([wire(21)], title="The Morning")
    api.desk.subscribe([wire(22)], title="The Evening")
    api.desk.archive.analysis.all()
    found = [one["article"]["id"] for one in api.get("/search", q="title:wire")["hits"]]
    first, second = sorted(found)
    (hit,) = api.get("/search", q="title:wire", copies="fold")["hits"]
    assert (hit["article"]["id"], hit["article"]["folded"]) == (first, [second])
    with Client(str(api.client.base_url), api.secret) as client:
        assert [one.article.folded for one in client.search("title:wire", copies="fold")] == [[second]]
        assert second not in [one.id for one in client.articles.all(copies="fold")]
