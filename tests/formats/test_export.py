"""Exports: JSON lines and Markdown, whole or not at all."""

import io
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from tests.formats.articles import NOW, fill_with, order
from unabridged.archive import Archive, StoredArticle
from unabridged.errors import DocumentError
from unabridged.formats.export import EXPORTERS, STREAMS
from unabridged.formats.import_files import import_paths


def test_an_export_goes_through_batches_without_loss(archive: Archive) -> None:
    fill_with(archive, 25)
    out = io.BytesIO()

    count = STREAMS["jsonl"](archive, order(limit=10), out).articles

    urls = [orjson.loads(line)["url"] for line in out.getvalue().splitlines()]
    assert count == 25
    assert len(set(urls)) == 25


def test_a_failing_export_leaves_the_old_file(archive: Archive, tmp_path: Path) -> None:
    fill_with(archive, 2)
    target = tmp_path / "all.jsonl"
    target.write_text("old")

    class Stopped(Exception):
        pass

    def stop(_: StoredArticle) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        EXPORTERS["jsonl"](archive, replace(order(), on_article=stop), target)
    assert target.read_text() == "old"
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix == ".part") == []


def test_a_missing_file_is_an_error(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        import_paths(archive, [tmp_path / "none.jsonl"], now=NOW)
