"""Fill the page templates: `layouts/<name>.html`, each as a kind of real site writes its pages.

The first line is a comment with the page's URL. `{{field}}` is a text of the story or of its surroundings,
`{{words 2}}` one of several. `{{#menu}}…{{/menu}}` and the like repeat for each item, two numbers pick the
items. `{{#body}}` says how paragraphs, headings and poems are written, and what the site puts after the
paragraph of a number.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from html import escape
from pathlib import Path

from tests.extraction.templates.story import Block, Story
from tests.extraction.templates.surroundings import BY_LANGUAGE, Surroundings

LAYOUTS = Path(__file__).parent / "layouts"
_BODY = re.compile(r"\{\{#body\}\}\n(.*?)\n\{\{/body\}\}", re.DOTALL)
_REPEATED = re.compile(r"\{\{#(\w+)(?: (\d+) (\d+))?\}\}(.*?)\{\{/\1\}\}", re.DOTALL)
_FIELD = re.compile(r"\{\{([\w/]+)(?: ([\d/]))?\}\}")


def layout_names() -> list[str]:
    """Name all templates, in order."""
    return sorted(path.stem for path in LAYOUTS.glob("*.html"))


@cache
def _layout(name: str) -> tuple[str, str]:
    """Return the URL and the page of a template, both unfilled."""
    first, _, rest = (LAYOUTS / f"{name}.html").read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("<!-- ").removesuffix(" -->"), rest


def page_of(name: str, story: Story, blocks: Sequence[Block]) -> tuple[str, str]:
    """Return the URL and the HTML of a page: a template, filled with a story whose blocks are given."""
    around = BY_LANGUAGE[story.language]
    unfilled, page = _layout(name)
    url = _filled(unfilled, story, around, "")
    found = _BODY.search(page)
    assert found is not None
    before, after = (
        _filled(part, story, around, url) for part in (page[: found.start()], page[found.end() :])
    )
    return url, before + _body(_filled(found[1], story, around, url), blocks) + after


def _body(form: str, blocks: Sequence[Block]) -> str:
    """Write the article's blocks as a template wants them."""
    wraps = dict(line.split(": ", 1) for line in form.split("\n"))
    lines: list[str] = []
    count = 0
    for block in blocks:
        lines.append(wraps.get(block.kind, "{}").replace("{}", block.html))
        if block.kind == "p":
            count += 1
            lines.append(wraps.get(f"after {count}", ""))
    return "\n".join(line for line in lines if line)


def _filled(form: str, story: Story, around: Surroundings, url: str) -> str:
    texts = asdict(around) | asdict(story)

    def field(found: re.Match[str]) -> str:
        name, place = found[1], found[2]
        if name == "url":
            return url
        if name == "day":
            return story.published.replace("-", "")
        if name == "month":
            return story.published[:7].replace("-", "/")
        if name == "headline":
            return escape(around.teasers[int(place)][0])
        value = texts[name]
        if place == "/":
            return story.published.replace("-", "/")
        return escape(value if place is None else value[int(place)])

    return _FIELD.sub(field, _REPEATED.sub(lambda found: _repeated(found, around), form))


def _repeated(found: re.Match[str], around: Surroundings) -> str:
    name, start, stop, form = found.groups()
    lines = []
    for place, item in enumerate(getattr(around, name)):
        if start is not None and not int(start) <= place < int(stop):
            continue
        texts = _item_texts(name, place, item)
        lines.append(_FIELD.sub(lambda m, texts=texts: texts.get(m[1], m[0]), form))
    return "\n".join(lines)


def _item_texts(name: str, place: int, item: str | tuple[str, str]) -> dict[str, str]:
    """Return the fields of one menu entry, keyword, teaser or comment."""
    texts = {"n": str(900 + place), "href": f"/2025/01/{place + 10}/other-story-{place}/"}
    if isinstance(item, str):
        return {**texts, "href": f"/section/{place + 1}/", "name": escape(item)}
    first, second = map(escape, item)
    if name == "comments":
        return {**texts, "name": first, "text": second}
    return {**texts, "headline": first, "standfirst": second}
