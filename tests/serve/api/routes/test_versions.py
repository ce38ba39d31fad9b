"""History of an article in the API: versions, the version of a date, comparisons."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.serve.api.conftest import Program
from tests.serve.running_app import NOW, page_of
from unabridged.archive.records.core import Failure


@pytest.fixture
def number(api: Program) -> int:
    """Number of the article that has three versions."""
    stored = api.desk.archive.library().articles.find("https://news.example/story-0")
    assert stored is not None
    return stored.id


def test_the_history_tells_edits_from_other_versions(api: Program, number: int) -> None:
    found = api.get(f"/articles/{number}/versions")["versions"]
    assert [(one["number"], one["source"], one["edit"]) for one in found] == [
        (0, "feed", False),
        (1, "page", False),
        (2, "page", True),
    ]
    assert found[2]["label"] == "edited by the publisher" and len(found[2]["sha256"]) == 64


def test_each_version_has_its_own_text(api: Program, number: int) -> None:
    texts = [
        api.get(f"/articles/{number}/versions/{version}", format="text")["content"] for version in (0, 1, 2)
    ]
    assert texts[0] == "Three lines."
    assert ("四十二年" in texts[1], "四十三年" in texts[2]) == (True, True)


def test_the_version_of_a_date_is_the_one_that_was_current_then(api: Program, number: int) -> None:
    def at(hours: float) -> int:
        time = (NOW + timedelta(hours=hours)).isoformat()
        found: int = api.get(f"/articles/{number}/versions/as-of", time=time)["number"]
        return found

    assert [at(0), at(1.9), at(2), at(24 * 400)] == [1, 1, 2, 2]
    early = (NOW - timedelta(seconds=1)).isoformat()
    assert api.problem("GET", f"/articles/{number}/versions/as-of", time=early)["status"] == 404


def test_edits_and_take_downs_are_listed_by_the_time_when_they_were_noticed(
    api: Program, number: int
) -> None:
    edit = api.get("/changes")["changes"][0]
    assert (edit["kind"], edit["before"], edit["after"]) == ("edited", 1, 2)
    assert (edit["article"]["id"], edit["id"]) == (number, f"{number}-edited-2")
    later = (NOW + timedelta(hours=2, seconds=1)).isoformat()
    assert api.get("/changes", since=later)["changes"] == []
    gone, at = Failure(kind="status", message="404"), NOW + timedelta(hours=3)
    ingest = api.desk.archive.ingest
    ingest.record_page_failure(number, gone, now=at, next_try_at=None, status=404, taken_down=True)
    page = api.get("/changes", order="oldest", limit=1)
    rest = api.get("/changes", order="oldest", limit=1, cursor=page["next"])
    assert [page["changes"][0]["kind"], rest["changes"][0]["kind"]] == ["edited", "taken_down"]
    assert [one["kind"] for one in api.get("/changes", kind="taken_down", article=number)["changes"]] == [
        "taken_down"
    ]
    assert api.get(f"/articles/{number}")["taken_down"] is not None
    other = next(one for one in api.get("/feeds")["feeds"] if one["title"] == "Other News")
    assert api.get("/changes", feed=other["id"])["changes"] == []
    assert api.problem("GET", "/changes", article=999)["status"] == 404
    assert api.problem("GET", "/changes", kind="x")["errors"][0]["field"] == "kind.0"
    assert api.problem("GET", "/changes", cursor="x")["status"] == 404


def test_two_versions_are_compared_word_by_word_in_either_direction(api: Program, number: int) -> None:
    found = api.get(f"/articles/{number}/diff", older=1, newer=2)
    changed = [one for one in found["paragraphs"] if one["kind"] == "changed"]
    pieces = [(span["kind"], span["text"]) for span in changed[0]["spans"] if span["kind"] != "same"]
    assert pieces == [("removed", "二"), ("added", "三")]
    assert (found["added"], found["removed"], found["limited"]) == (1, 1, False)
    assert "".join(one["text"] for one in found["title"]) == "老街修伞人：一把伞撑开四十年"
    back = api.get(f"/articles/{number}/diff", older=2, newer=1)
    assert [one["kind"] for one in back["paragraphs"]] == [one["kind"] for one in found["paragraphs"]]


WRONG = ("versions/7", "versions/x", "diff?older=0&newer=7", "diff?older=0", "versions/as-of?time=x")


@pytest.mark.parametrize("path", WRONG)
def test_what_is_not_there_is_told(api: Program, number: int, path: str) -> None:
    assert api.problem("GET", f"/articles/{number}/{path}")["status"] in (404, 422)
    assert api.problem("GET", f"/articles/999/{path}")["status"] in (404, 422)


def test_a_version_counts_from_the_fetch_of_its_page_and_not_from_its_saving(
    api: Program, number: int
) -> None:
    stored = api.desk.archive.library().articles.get(number)
    text, html = (one.replace("四十三年", "四十四年") for one in (stored.article.text, stored.article.html))
    made, fetched = replace(stored.article, text=text, html=html), NOW + timedelta(hours=3)
    api.desk.archive.ingest.save_page(number, made, page_of(made, fetched), now=NOW + timedelta(days=30))
    assert api.get(f"/articles/{number}/versions/as-of", time=fetched.isoformat())["number"] == 3
