"""The language of a page."""

from tests.extraction.metadata.pages import page, read


def test_a_wrong_language_claim_yields_to_the_script() -> None:
    assert read(page("<title>Мост через реку закрыт</title>", lang="en")).language == "ru"
