"""`token`: shown once."""

from tests.cli.commands.sample_paper import listed, told
from tests.cli.tools import Run


def test_a_token_is_shown_once(run: Run) -> None:
    made = run("token", "add", "phone", "--scope", "read")
    assert made.stdout.startswith(b"unabridged_")
    assert made.stdout.strip() not in run("--json", "token", "list").stdout
    assert [one["scope"] for one in listed(run, "token", "list")] == ["read"]
    told(run, "token", "remove", "1")
    assert listed(run, "token", "list") == []
