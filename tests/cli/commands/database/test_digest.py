"""`digest`: made of what came, and not at all of nothing."""

import json
from pathlib import Path

import pytest

from tests.cli.tools import Run


def test_a_digest_is_made_of_what_came_and_not_at_all_of_nothing(run: Run, tmp_path: Path) -> None:
    article = {"url": "https://news.example/1", "title": "One", "text": "Some words."}
    (tmp_path / "one.jsonl").write_text(json.dumps(article))
    empty = run("digest", "--to", str(tmp_path / "none.epub"))
    assert (empty.returncode, (tmp_path / "none.epub").exists()) == (0, False)
    (tmp_path / "old.jsonl").write_text(
        json.dumps(article | {"url": "https://news.example/0", "published": "2019-01-01"})
    )
    assert run("import", str(tmp_path / "old.jsonl")).returncode == 0
    assert "published more than 3 days earlier" in run("digest").stderr.decode()
    assert run("import", str(tmp_path / "one.jsonl")).returncode == 0

    made = run("digest", "--to", str(tmp_path / "day.html"))

    assert made.returncode == 0, made.stderr
    assert "Some words." in (tmp_path / "day.html").read_text()
    assert run("digest", "--folder", "none such").returncode == 9
    assert run("digest", "--since", "soon").returncode == 2


@pytest.mark.parametrize("name", ["x.pdf", "x", "x.mobi"])
def test_a_file_of_no_format_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    done = run("digest", "--to", str(tmp_path / name))
    assert done.returncode != 0
    assert ".epub or .html" in done.stderr.decode()
    assert not (tmp_path / name).exists()
