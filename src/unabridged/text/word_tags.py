"""Tags that a text is about, as opposed to its markup."""

from unabridged.text.patterns import lazy_regex

_WORD_TAG = lazy_regex(
    r"(?:(?<=^)|(?<=[\s(\[\"'“‘/,]))</?[A-Za-z][A-Za-z0-9]*\s*/?>(?=$|[\s)\]\"'”’/,.:;!?])"
)


def without_word_tags(text: str) -> str:
    """Return a text without the tags that stand in it like words: "When to use <p> and when <br>".

    What looks like markup afterwards is markup.
    """
    return _WORD_TAG.sub("", text) if "<" in text else text
