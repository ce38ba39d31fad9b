"""`channel`: the secret is shown once, private addresses are refused, a test says what failed."""

from tests.cli.commands.sample_paper import listed, told
from tests.cli.tools import Run

ADDRESS = "https://hooks.example/news"


def test_a_secret_is_shown_once(run: Run) -> None:
    made = run("channel", "add", ADDRESS, "--kind", "article.changed")
    secret = made.stdout.strip()
    assert secret.startswith(b"whsec_")
    rotated = run("channel", "rotate", "1").stdout.strip()
    assert rotated.startswith(b"whsec_") and rotated != secret
    for command in (("channel", "list"), ("channel", "failed")):
        shown = run("--json", *command).stdout + run(*command).stdout
        assert secret not in shown and rotated not in shown
    assert [(one["address"], one["kinds"]) for one in listed(run, "channel", "list")] == [
        (ADDRESS, ["article.changed"])
    ]


def test_a_channel_is_paused_resumed_and_removed(run: Run) -> None:
    run("channel", "add", ADDRESS)
    told(run, "channel", "pause", "1")
    assert [one["state"] for one in listed(run, "channel", "list")] == ["paused"]
    told(run, "channel", "resume", "1")
    assert [one["state"] for one in listed(run, "channel", "list")] == ["active"]
    assert listed(run, "channel", "failed", "1") == []
    told(run, "channel", "failed", "1", "--again")
    told(run, "channel", "remove", "1")
    assert listed(run, "channel", "list") == []


def test_private_addresses_and_plain_http_are_refused(run: Run) -> None:
    private = run("channel", "add", "https://10.0.0.5/hook")
    assert private.returncode == 4 and b"10.0.0.5" in private.stderr
    plain = run("channel", "add", "http://hooks.example/")
    assert plain.returncode != 0 and b"https" in plain.stderr
    assert listed(run, "channel", "list") == []


def test_wrong_numbers_are_told(run: Run) -> None:
    for command in (["test", "9"], ["pause", "9"], ["resume", "9"], ["rotate", "9"], ["failed", "9"]):
        answer = run("channel", *command)
        assert answer.returncode != 0 and b"no channel 9" in answer.stderr
    assert b"Name the channel" in run("channel", "failed", "--again").stderr
