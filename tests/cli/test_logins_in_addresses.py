"""Logins at the command line: those inside addresses are never shown, those of a moved feed stay behind."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.tools import Canned, Done, Run, Site
from unabridged.archive.facade.archive import Archive

FEED = b"<rss version='2.0'><channel><title>Members</title><item><guid>1</guid></item></channel></rss>"
SECRETS = (b"hunter2", b"hun", b"ter2", b"s3cret")
SPELLED = (
    "https://ada:hunter2@news.example/feed",
    "http://ada:hunter2@127.0.0.1:1/feed",
    "ada:hunter2@news.example/feed",
    "https://ada:hun/ter2@news.example/feed",
    "https://ada:hun#ter2@news.example/feed",
    "HTTPS:\\\\ada:hunter2@news.example/feed",
    "feed:https://ada:hunter2@news.example/feed",
    "https://ada:hunter2@/",
    "https://ada:hunter2@[::1/",
    "ftp://ada:hunter2@news.example/feed",
)
COMMANDS = (
    ("read",),
    ("feed",),
    ("find",),
    ("add",),
    ("save",),
    ("remove",),
    ("poll",),
    ("pause",),
    ("resume",),
    ("history",),
    ("diff",),
    ("set",),
    ("delete",),
    ("doctor", "--retry"),
)


def shown(done: Done) -> bytes:
    assert b"Traceback" not in done.stderr
    return done.stdout + done.stderr


def told(*runs: Done) -> list[bytes]:
    return [secret for done in runs for secret in SECRETS if secret in shown(done)]


@pytest.fixture
def number(site: Site, run: Run, home: Path) -> str:
    """The number of a subscription with a login."""
    site.answers["/rss"] = Canned(body=FEED, type="application/rss+xml")
    run("add", f"{site.origin}/rss", "--no-read", "--set", "user=ada", "--set", "password=s3cret")
    return "1"


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_shows_the_password_of_an_address(run: Run, command: tuple[str, ...]) -> None:
    done = [run(*command, address) for address in SPELLED]
    assert told(*done) == []
    assert all(one.returncode for one in done if command[0] != "doctor")


@pytest.mark.parametrize("address", SPELLED)
def test_no_setting_shows_the_password_of_an_address(run: Run, number: str, address: str) -> None:
    words = (f"url={address}", f"origin={address}", f"proxy={address}")
    done = [run("set", number, word) for word in words] + [
        run("set", address, "cookie=x"),
        run("set", number),
    ]
    assert told(*done) == []


def test_a_list_of_feeds_is_taken_in_without_showing_passwords(run: Run, tmp_path: Path) -> None:
    outlines = "".join(f'<outline type="rss" xmlUrl="{address}"/>' for address in SPELLED)
    file = tmp_path / "feeds.opml"
    file.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    done = run("add", str(file), "--no-read"), run("import", str(file)), run("list")
    assert told(*done) == []
    assert b"contains a user name or password" in done[0].stderr


def test_passwords_in_a_feeds_links_are_not_kept(run: Run, site: Site, home: Path) -> None:
    link = f"{site.origin}/story".replace("//", "//ada:hunter2@")
    feed = (
        f"<rss version='2.0'><channel><title>T</title><link>{link}</link>"
        f"<image><url>{link}.png</url></image>"
        f"<item><guid>1</guid><link>{link}</link>"
        f"<enclosure url='{link}.mp3' type='audio/mpeg' length='1'/>"
        f"<description>&lt;img src='{link}.jpg' width=400&gt; Some words here.</description></item>"
        "</channel></rss>"
    )
    site.answers["/rss"] = Canned(body=feed.encode(), type="application/rss+xml")
    page = f"<link rel=canonical href='{link}'><p>" + "All of the story is here. " * 60
    site.answers["/story"] = Canned(body=page.encode())
    done = run("add", f"{site.origin}/rss"), run("list", "--details"), run("--json", "export"), run("doctor")
    assert told(*done) == []
    assert "/story" in site.asked
    with Archive(str(home / "unabridged.sqlite")) as archive:
        stored = archive.library().articles.get(1)
        assert stored.article.url == f"{site.origin}/story"
        assert "hunter2" not in repr(stored)
        assert "hunter2" not in repr(archive.library().subscriptions.all())


def asked_with(run: Run, number: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(run("--json", "set", number).stdout)
    return found


def test_the_login_of_a_feed_that_moved_stays_until_somebody_confirms(
    run: Run, number: str, site: Site
) -> None:
    assert asked_with(run, number)["origin"] == site.origin
    moved = run("set", number, "url=https://new.example/rss")
    assert f"belongs to {site.origin}".encode() in moved.stderr
    assert asked_with(run, number)["origin"] == site.origin
    listed, ill = run("list"), run("--json", "doctor")
    assert f"belongs to {site.origin}".encode() in listed.stdout
    [finding] = [one for one in json.loads(ill.stdout)["findings"] if one["kind"] == "login"]
    assert finding["advice"].startswith(f"`unabridged set {number} origin=https://new.example`")
    assert told(moved, listed, ill) == []

    confirmed = run("set", number, "origin=https://new.example")
    assert b"belongs to" not in confirmed.stderr
    after = asked_with(run, number)
    assert (after["user"], after["origin"]) == ("ada", "https://new.example")


def test_a_new_login_takes_the_place_of_one_for_another_origin_wholly(
    run: Run, number: str, site: Site, home: Path
) -> None:
    run("set", number, "url=https://new.example/rss")
    done = run("set", number, "user=bob")
    assert f"The login for {site.origin} is deleted".encode() in done.stderr
    with Archive(str(home / "unabridged.sqlite")) as archive:
        own = archive.feeds.settings(int(number))
    assert (own.username, own.password, own.origin) == ("bob", None, "https://new.example")


def test_what_is_no_secret_leaves_a_login_where_it_was(run: Run, number: str, site: Site) -> None:
    run("set", number, "url=https://new.example/rss")
    run("set", number, "user-agent=Mine/2", "title=T")
    assert asked_with(run, number)["origin"] == site.origin
    run("set", number, "user=", "password=")
    assert "origin" not in asked_with(run, number)


@pytest.mark.parametrize(
    ("site_url", "says"),
    [
        ("https://evil.example/", b"says that its site is evil.example"),
        ("http://www.example.org/", b"A cookie is sent to https://example.org"),
        ("https://www.example.org/", b"A cookie is sent to https://example.org"),
    ],
)
def test_a_feed_does_not_choose_where_a_cookie_goes(run: Run, home: Path, site_url: str, says: bytes) -> None:
    run("list")
    with Archive(str(home / "unabridged.sqlite")) as archive:
        feed = archive.library().subscriptions.add("https://example.org/feed", now=datetime.now(UTC)).feed
        with archive._db._writer.connect() as conn, conn.begin():
            conn.exec_driver_sql("UPDATE feeds SET site_url = ?", (site_url,))
    done = run("set", str(feed.id), "cookie=s3cret")
    assert says in done.stderr.replace(b"\n", b" ")
    assert told(done) == []
