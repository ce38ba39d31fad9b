"""Long texts in parts of the size of a page. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a text. next: offset of the part after it in characters, None at the end."""

    text: str
    next: int | None = None


def part_of(text: str, offset: int, most: int) -> Part:
    """Return up to `most` characters of a text from an offset on, cut between paragraphs, lines or words."""
    end = offset + most
    if end >= len(text):
        return Part(text=text[offset:])
    least = offset + most // 2
    for mark in ("\n\n", "\n", " "):
        found = text.rfind(mark, least, end)
        if found >= 0:
            end = found + len(mark)
            break
    return Part(text=text[offset:end], next=end)
