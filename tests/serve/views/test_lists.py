"""Lists of articles and sources as they are shown."""

from unabridged.serve.views import lists


def test_a_source_keeps_its_sign() -> None:
    assert lists.monogram("The Quillhaven Review").letter == "Q"
    assert lists.monogram("青石湾日报").letter == "青"
    assert lists.monogram("???").letter == "·"
    assert lists.monogram("x") == lists.monogram("x")
