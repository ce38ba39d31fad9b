"""The commands `tag`, `mute`, `token`, `delete` and `retain`."""

import json

import pytest

from tests.cli.tools import Canned, Run, Site

PAGE = "<html><head><title>{n}</title></head><body><article><h1>Story {n}</h1>{text}</article></body></html>"
TEXT = "".join(
    f"<p>Paragraph {n} tells what happened in the town on that day, and who saw it.</p>" for n in range(6)
)


@pytest.fixture
def small_paper(site: Site, run: Run) -> Site:
    """A feed of two stories, subscribed to."""
    items = "".join(
        f"<item><title>Story {n}</title><link>{site.origin}/{n}</link><guid>{n}</guid></item>" for n in (1, 2)
    )
    body = f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>"
    site.answers["/rss"] = Canned(body=body.encode(), type="application/rss+xml")
    for n in (1, 2):
        site.answers[f"/{n}"] = Canned(body=PAGE.format(n=n, text=TEXT).encode())
    assert run("add", f"{site.origin}/rss", "--folder", "News", "--no-read").returncode == 0
    return site


def told(run: Run, *words: str, code: int = 0) -> str:
    done = run(*words)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode() + done.stderr.decode()


def listed(run: Run, *words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("--json", *words).stdout)
    return found


def test_tags_are_added_listed_and_taken_off(small_paper: Site, run: Run) -> None:
    told(run, "tag", "add", f"{small_paper.origin}/1", "to read", "ships")
    assert [one["name"] for one in listed(run, "tag", "list")] == ["ships", "to read"]
    told(run, "tag", "remove", f"{small_paper.origin}/1", "ships")
    assert [one["name"] for one in listed(run, "tag", "list", f"{small_paper.origin}/1")] == ["to read"]
    assert "no name for a tag" in told(run, "tag", "add", f"{small_paper.origin}/1", " ", code=8)
    told(run, "tag", "add", f"{small_paper.origin}/1", "later")
    assert "renamed to to read (articles: 1)" in told(run, "tag", "rename", "later", "to read")
    assert [(one["name"], one["articles"]) for one in listed(run, "tag", "list")] == [("to read", 1)]
    assert "unabridged tag list" in told(run, "tag", "drop", "later", code=9)
    told(run, "tag", "drop", "to read")
    assert listed(run, "tag", "list") == []


def test_mute_rules_are_added_listed_and_dropped(small_paper: Site, run: Run) -> None:
    assert "title has story 2" in told(run, "mute", "add", "title", "story 2")
    assert "1" in told(run, "mute", "list")
    assert "no regular expression" in told(run, "mute", "add", "title", "(", "--regex", code=8)
    told(run, "mute", "remove", "1")
    assert listed(run, "mute", "list") == []
    assert "mute list" in told(run, "mute", "remove", "1", code=9)


def test_a_token_is_shown_once(run: Run) -> None:
    made = run("token", "add", "phone", "--scope", "read")
    assert made.stdout.startswith(b"unabridged_")
    assert made.stdout.strip() not in run("--json", "token", "list").stdout
    assert [one["scope"] for one in listed(run, "token", "list")] == ["read"]
    told(run, "token", "remove", "1")
    assert listed(run, "token", "list") == []


def test_what_is_erased_does_not_come_back_until_it_is_allowed_to(small_paper: Site, run: Run) -> None:
    address = f"{small_paper.origin}/1"
    assert "confirm it with --yes" in told(run, "delete", address, code=2)
    assert "Polls do not store them again" in told(run, "delete", address, "--yes")
    told(run, "poll", f"{small_paper.origin}/rss")
    told(run, "history", address, code=9)
    told(run, "delete", address, "--yes", code=9)
    assert "may store" in told(run, "delete", address, "--allow-again")


def test_a_folder_says_how_long_it_keeps(small_paper: Site, run: Run) -> None:
    assert "forever" in told(run, "retain")
    assert "90d" in told(run, "retain", "news", "90d")
    assert [one["retain"] for one in listed(run, "retain")] == [7_776_000]
    assert "forever" in told(run, "retain", "News", "forever")
    assert "is not a duration" in told(run, "retain", "News", "soon", code=2)
    assert "no folder 'Weekly'" in told(run, "retain", "Weekly", "9d", code=9)
