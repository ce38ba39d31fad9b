"""Which articles an export takes."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.formats.articles import NOW, fill_with, order
from unabridged.archive import Archive, Imported, Query
from unabridged.errors import ExportError
from unabridged.formats.export import EXPORTERS


def test_part_of_a_source_is_not_written_as_a_tree(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="by source"):
        EXPORTERS["document"](archive, order(starred=True), tmp_path)


def test_a_query_by_source_exports_that_source(archive: Archive, tmp_path: Path) -> None:
    fill_with(archive, 2)
    article = replace(
        archive.library().articles.page(Query()).articles[0].article,
        url="https://b.example/1",
        canonical_url=None,
    )
    archive.library().imports.add(Imported(article=article, origin="document", source="b"), now=NOW)

    report = EXPORTERS["document"](archive, order(source="b"), tmp_path)

    assert report.articles == 1
    assert [one.name for one in (tmp_path / "articles").iterdir()] == ["b"]
