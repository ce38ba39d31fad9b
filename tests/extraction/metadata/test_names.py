"""Names of people in by-lines."""

import pytest

from unabridged.extraction.metadata.names import split_names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Von Anna Roe, Foto: Max Mu", ("Anna Roe",)),
        ("Jens Bergmann Foto: Michael Hudler", ("Jens Bergmann",)),
        ("Johanna Kropf Alle Artikel", ("Johanna Kropf",)),
        ("Von Anna Roe, Lille", ("Anna Roe",)),
        ("By Anna Roe, Cher and Bo Li", ("Anna Roe", "Cher", "Bo Li")),
        ("来自: 互联网", ()),
        ("Publiziert am", ()),
    ],
)
def test_a_byline_names_who_wrote_and_nothing_else(line: str, names: tuple[str, ...]) -> None:
    assert split_names(line) == names
