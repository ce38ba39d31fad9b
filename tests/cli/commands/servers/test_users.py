"""`user`: people with an account, their passwords, one-time addresses."""

from tests.cli.commands.sample_paper import listed, told
from tests.cli.tools import Run

GOOD = b"correct horse battery\n"


def test_people_are_added_listed_and_removed(run: Run) -> None:
    done = run("user", "add", "Ada", "--role", "admin", "--password-stdin", stdin=GOOD)
    assert done.returncode == 0 and b"can log in" in done.stderr
    people = listed(run, "user", "list")
    assert [(one["name"], one["role"], one["has_password"]) for one in people] == [
        ("owner", "admin", False),
        ("Ada", "admin", True),
    ]
    told(run, "user", "role", "ada", "reader")
    assert listed(run, "user", "list")[1]["role"] == "reader"
    told(run, "user", "remove", "ada")
    assert len(listed(run, "user", "list")) == 1


def test_a_short_password_and_an_unknown_name_are_refused_with_advice(run: Run) -> None:
    done = run("user", "add", "Ada", "--password-stdin", stdin=b"short\n")
    assert done.returncode == 8 and b"characters" in done.stderr
    done = run("user", "password", "nobody", "--password-stdin", stdin=GOOD)
    assert done.returncode == 9 and b"user list" in done.stderr


def test_one_time_addresses_are_those_of_the_reader_in_browsers(run: Run) -> None:
    plain = run("user", "invite")
    assert plain.stdout.startswith(b"http://127.0.0.1:8200/invitation/")
    public = run("user", "invite", "--owner", UNABRIDGED_SERVE_BASE_URL="https://news.example.org/news/")
    assert public.stdout.startswith(b"https://news.example.org/news/invitation/")
    mine = run("user", "password", "owner", "--address")
    assert b"/invitation/" in mine.stdout and mine.stdout != plain.stdout
