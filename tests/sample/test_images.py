"""Pictures painted from their names."""

import pytest

from unabridged.sample.images import paint


def test_the_same_name_paints_the_same_picture() -> None:
    assert paint("ropewalk", 60, 40) == paint("ropewalk", 60, 40) != paint("tide", 60, 40)


def test_a_picture_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="no size of a picture"):
        paint("ropewalk", 5000, 40)
