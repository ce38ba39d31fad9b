"""Figures of a page that tell its kind."""

import numpy as np
import pytest

from tests.extraction.selection.kinds.pages import SHELF, STORY
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.blocks import lay_out
from unabridged.extraction.selection.features import measure_blocks
from unabridged.extraction.selection.kinds.figures import NAMES, page_figures
from unabridged.extraction.selection.networks import shipped_models
from unabridged.extraction.selection.page_claims import read_head_claims


def figures(html: str, url: str | None = None) -> dict[str, float]:
    dom = parse(html)
    layout, claims = lay_out(dom), read_head_claims(dom)
    arrays = measure_blocks(layout, claims, shipped_models().tables).arrays
    found = page_figures(layout, arrays, claims.types, url).tolist()
    return dict(zip(NAMES, found, strict=True))


def test_figures_tell_headings_that_link() -> None:
    assert figures(SHELF)["is headings linked"] > 0.9
    assert figures(STORY)["is headings linked"] == 0.0


def test_figures_read_the_address_and_the_declared_type() -> None:
    found = figures(SHELF, "https://lamps.example/collections/lamps?page=2")
    assert found["address collection"] == found["path query"] == found["declared collection"] == 1.0
    assert figures(SHELF)["path known"] == 0.0


@pytest.mark.parametrize("url", ["http://[", "", "no address", "https://a.example/" + "x/" * 5000])
def test_any_address_has_figures(url: str) -> None:
    assert all(np.isfinite(list(figures(STORY, url).values())))
