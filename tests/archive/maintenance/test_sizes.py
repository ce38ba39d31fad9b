"""Sizes of an archive, by what takes the room."""

from tests.archive.maintenance.filled_archive import fill
from unabridged.archive import Archive


def test_sizes_add_up(archive: Archive) -> None:
    fill(archive)
    sizes = archive.maintenance.sizes()
    parts = {part.name: part for part in sizes.parts}
    assert parts["articles"].count == 6
    assert parts["versions"].count == 18
    assert parts["raw pages"].raw is not None
    assert 0 < parts["raw pages"].stored < parts["raw pages"].raw
    assert sum(part.stored for part in sizes.parts) < sizes.total
    assert [(site.site, site.pages) for site in sizes.sites] == [("news.example", 12)]
