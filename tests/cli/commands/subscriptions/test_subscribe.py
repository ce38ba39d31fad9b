"""Sources that `add` accepts."""

from pathlib import Path

import pytest

from tests.cli.tools import Run


@pytest.mark.parametrize(
    "name", ["missing.opml", "feeds.xml", "/tmp/no/such/list.opml", "./feeds", "~/x.opml"]
)
def test_a_missing_file_is_named(run: Run, name: str) -> None:
    done = run("add", name)
    assert done.returncode == 7
    assert f"There is no file {name}." in done.stderr.decode()


def test_a_folder_is_no_list_of_feeds(run: Run, tmp_path: Path) -> None:
    assert "There is no file" in run("add", str(tmp_path)).stderr.decode()
