"""`delete` and `retain`: what goes, what may come back, and how long a folder keeps."""

from tests.cli.commands.sample_paper import listed, told
from tests.cli.tools import Run, Site


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
