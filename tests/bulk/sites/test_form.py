"""Check of records against the types of their fields."""

from dataclasses import replace
from typing import Any

import pytest

from unabridged.bulk.sites.form import has_form
from unabridged.extraction.sites.profile import (
    DataPlace,
    FieldEvidence,
    Place,
    RepeatedLine,
    SiteProfile,
    StripEvidence,
    Template,
)

LINE = RepeatedLine(letters="abc", text="a b c", pages=3)
TEMPLATE = Template(
    body=("article",),
    fit=1,
    strip=(StripEvidence(selector=".x", pages=2, kept=0.5),),
    lines=(LINE,),
    fields=(FieldEvidence(field="title", place=Place(kind="meta", name="og:title"), pages=3, agree=3),),
    pages=3,
    characters=900,
)
PROFILE = SiteProfile(site="quay.example", templates=(TEMPLATE,), lines=(LINE,), pages=3)


def test_a_record_of_the_right_types_has_the_form() -> None:
    place = DataPlace(kind="variable", name="state", path=("a", "b"), pages=1, agree=1, used=1)
    assert has_form(PROFILE, SiteProfile)
    assert has_form(replace(PROFILE, templates=(replace(TEMPLATE, data=place),)), SiteProfile)


@pytest.mark.parametrize(
    "change",
    [
        {"body": (1,)},
        {"body": "article"},
        {"fit": "1"},
        {"fit": True},
        {"pages": 3.5},
        {"pages": None},
        {"paragraphs_first": 1},
        {"data": "script"},
        {"data": DataPlace(kind="tape", name="x", path=(), pages=1, agree=1, used=1)},  # type: ignore[arg-type]
        {"lines": (TEMPLATE,)},
        {"fields": (FieldEvidence(field="body", place=Place(kind="meta"), pages=1, agree=1),)},  # type: ignore[arg-type]
    ],
)
def test_a_field_of_another_type_is_found_however_deep(change: dict[str, Any]) -> None:
    assert not has_form(replace(PROFILE, templates=(replace(TEMPLATE, **change),)), SiteProfile)
