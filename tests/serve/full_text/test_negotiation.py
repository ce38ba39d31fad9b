"""Forms of an answer by the Accept header and by name."""

import pytest

from unabridged.serve.full_text.negotiation import accept_weights, wanted_form


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", None),
        ("*/*", None),
        ("image/png", None),
        ("text/markdown", "markdown"),
        ("text/x-markdown;q=0.1", "markdown"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/json, text/plain, */*", "json"),
        ("text/html;q=0.8, application/json", "json"),
        ("text/markdown;q=0, text/plain;q=0.1", "text"),
        ("TEXT/MARKDOWN", "markdown"),
        ("text/markdown;q=9.9.9", None),
        (",,;;q=,text/plain;q=1.000", "text"),
    ],
)
def test_the_heaviest_type_that_is_known_counts(accept: str, form: str | None) -> None:
    assert wanted_form(accept) == form


def test_a_name_counts_before_the_header() -> None:
    assert wanted_form("text/html", "md") == "markdown"
    assert wanted_form("text/html", "pdf") is None


def test_a_header_of_any_length_is_read_in_part() -> None:
    assert len(accept_weights(",".join(f"text/x{n}" for n in range(10_000)))) == 40
