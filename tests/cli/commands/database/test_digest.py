"""The file of a digest and its format."""

from pathlib import Path

import pytest

from tests.cli.tools import Run


@pytest.mark.parametrize("name", ["x.pdf", "x", "x.mobi"])
def test_a_file_of_no_format_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    done = run("digest", "--to", str(tmp_path / name))
    assert done.returncode != 0
    assert ".epub or .html" in done.stderr.decode()
    assert not (tmp_path / name).exists()
