"""Settings of one feed at the command line: set, shown without secrets, used, taken back."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.tools import Canned, Done, Run, Site
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.polling import PollOutcome
from unabridged.feeds.parsing.parse import parse_feed

FEED = b"<rss version='2.0'><channel><title>Members</title><item><guid>1</guid></item></channel></rss>"


@pytest.fixture
def number(site: Site, run: Run, home: Path) -> str:
    """The number of a subscription that was just polled."""
    site.answers["/rss"] = Canned(body=FEED, type="application/rss+xml")
    run("list")  # the archive is there from here on
    now = datetime.now(UTC)
    with Archive(str(home / "unabridged.sqlite")) as archive:
        feed = archive.library().subscriptions.add(f"{site.origin}/rss", now=now).feed
        outcome = PollOutcome(polled=now, next_poll_at=now + timedelta(hours=1))
        archive.ingest.save_entries(feed.id, parse_feed(FEED, url=feed.url), [], outcome)
    return str(feed.id)


def text(done: Done) -> str:
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_what_is_set_is_shown_and_its_secrets_are_not(run: Run, number: str) -> None:
    words = (
        "user=ada",
        "password=-",
        "header.X-Key=k3y",
        "user-agent=Mine/1",
        "proxy=http://p:pw@proxy.example:3128",
    )
    text(run("set", number, "title=Mine", "folder=News", *words, stdin=b"s3cret\n"))
    text(run("set", number, "cookie=id=c00kie"))

    shown = (
        text(run("set", number)) + text(run("list", "--details")) + text(run("--json", "list", "--details"))
    )

    for part in ("Mine", "News", "ada", "header.X-Key", "Mine/1", "proxy.example:3128", "password", "cookie"):
        assert part in shown
    for secret in ("s3cret", "k3y", "p:pw", "c00kie"):
        assert secret not in shown


def test_no_secret_is_exported_or_logged(run: Run, number: str, site: Site) -> None:
    text(run("set", number, "password=s3cret", "user=ada", "cookie=c00kie", "header.X-Key=k3y"))
    site.answers["/rss"] = Canned(status=401)
    polled = run("poll", number)
    everything = [
        polled,
        run("--json", "poll", number),
        run("export", "--format", "jsonl"),
        run("list"),
        run("doctor"),
    ]
    for done in everything:
        for secret in (b"s3cret", b"c00kie", b"k3y", b64encode(b"ada:s3cret")):
            assert secret not in done.stdout + done.stderr


def test_an_empty_value_takes_a_setting_back(run: Run, number: str) -> None:
    text(run("set", number, "user=ada", "password=x", "title=Mine"))
    shown = text(run("set", number, "user=", "password=", "title="))
    assert "user" not in shown
    assert "Members" in shown


def test_interval_and_full_text_are_set_shown_and_taken_back(run: Run, number: str) -> None:
    shown = json.loads(text(run("--json", "set", number, "interval=30m", "full-text=off")))
    assert (shown["interval"], shown["full-text"]) == ("30m", "off")
    shown = json.loads(text(run("--json", "set", number, "interval=learned", "full-text=")))
    assert (shown["interval"], shown["full-text"]) == ("learned", "on")


def test_a_feed_is_added_with_what_it_wants(site: Site, run: Run) -> None:
    site.answers["/rss"] = Canned(body=FEED, type="application/rss+xml")
    text(run("add", f"{site.origin}/rss", "--set", "user=ada", "--set", "password=-", stdin=b"pw\n"))
    assert json.loads(text(run("--json", "set", "1")))["user"] == "ada"


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("colour=red", b"Known keys"),
        ("user", b"key=value"),
        ("header.Host=evil", b"set by the program"),
        ("header.X=a\nb", b"no header may hold"),
        ("proxy=nonsense", b"must look like http://"),
        ("url=http://10.0.0.1/rss", b"private"),
        ("interval=soon", b"30m, 6h"),
        ("interval=1m", b"every 15 minutes"),
        ("full-text=maybe", b"neither on nor off"),
    ],
)
def test_a_word_that_cannot_be_is_refused_in_one_paragraph(
    word: str, says: bytes, run: Run, number: str
) -> None:
    done = run("set", number, word)
    assert done.returncode in (2, 4, 8)
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_address_is_changed_and_the_old_one_still_names_the_feed(
    run: Run, number: str, site: Site
) -> None:
    text(run("set", number, f"url={site.origin}/new"))
    assert f"{site.origin}/new" in text(run("set", f"{site.origin}/rss"))


def test_a_cookie_is_set_for_a_site_that_is_no_feed(run: Run) -> None:
    done = run("set", "www.example.org", "cookie=-", stdin=b"id=1\n")
    assert done.returncode == 0
    assert b"https://example.org and its subdomains" in done.stderr
    assert b"No cookie" in run("set", "https://example.org/", "cookie=").stderr


def test_a_paused_feed_is_not_asked_until_it_is_resumed(run: Run, number: str, site: Site) -> None:
    text(run("pause", number))
    assert "paused" in text(run("list"))
    asked = len(site.asked)
    text(run("poll"))
    assert len(site.asked) == asked
    text(run("resume", number))
    text(run("poll"))
    assert len(site.asked) == asked + 1
