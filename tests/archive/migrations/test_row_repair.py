"""Repairs of columns that an older version filled without bounds."""

from collections.abc import Callable

import pytest

from unabridged import limits
from unabridged.archive.migrations.row_repair import COLUMNS, KEYS
from unabridged.archive.storage.tables import metadata

TOO_LATE = 10**18
"""Microseconds since 1970: the year 33658."""


@pytest.mark.parametrize(
    ("table", "column", "stored", "repaired"),
    [
        ("feeds", "title", "Two\nlines\x00", "Two lines"),
        ("feeds", "title", "x" * (limits.TITLE + 5), "x" * limits.TITLE),
        ("feeds", "site_url", "javascript:alert(1)", None),
        ("feeds", "site_url", "https://news.example/", "https://news.example/"),
        ("feeds", "hubs", '["https://hub.example/", "ftp://x/"]', '["https://hub.example/"]'),
        ("feeds", "hubs", "no list", "[]"),
        ("feeds", "last_post", TOO_LATE, 0),
        ("feeds", "last_post", None, None),
        ("articles", "url", "data:text/html,x", ""),
        ("articles", "authors", '["Ada\\nByron", ""]', '["Ada Byron"]'),
        ("articles", "published", "no date", None),
        ("articles", "sort_at", 5, 5),
        ("sightings", "guid", None, None),
    ],
)
def test_a_column_is_repaired_by_its_rule(table: str, column: str, stored: object, repaired: object) -> None:
    clean: Callable[[object], object] = COLUMNS[table][column]
    assert clean(stored) == repaired
    assert clean(repaired) == repaired


def test_the_tables_of_repairs_name_columns_that_there_are() -> None:
    for name, columns in COLUMNS.items():
        known = set(metadata.tables[name].columns.keys())
        assert {*columns, *KEYS.get(name, ("id",))} <= known, name
