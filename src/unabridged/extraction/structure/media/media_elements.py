"""Step over a page's media: templates put in place, embeds and pictures in one form each.

One scan by tag and one by attribute find all that the modules for templates, embeds and pictures rewrite.
"""

from unabridged.extraction.html.dom import Dom, Element
from unabridged.extraction.structure.media.embeds import EMBED_SELECTOR, TAGS, rewrite_embed
from unabridged.extraction.structure.media.pictures import (
    IMAGE_SELECTOR,
    is_alone,
    rewrite_background,
    rewrite_images,
    rewrite_noscript,
    still_of_video,
)
from unabridged.extraction.structure.page_data.templates import attach_templates

MOST_ELEMENTS = 5_000
"""Maximum elements of either scan that are looked at; the fullest real page of our corpora has 1,900."""

MOST_EMBEDS = 300
"""Maximum embeds that are rewritten; moving an element takes as long as the tree is deep."""

_TAGS = (*TAGS, "img", "noscript", "template")
_SELECTOR = f"{EMBED_SELECTOR},{IMAGE_SELECTOR}"


def media_elements(dom: Dom) -> None:
    """Rewrite a page's templates, embeds and pictures."""
    found = list(dom.elements(_TAGS))
    templates = [element for element in found if element.tag == "template"]
    if templates and attach_templates(dom, templates):
        found = list(dom.elements(_TAGS))
    images: list[Element] = []
    embeds = 0
    for element in found[:MOST_ELEMENTS]:
        tag = element.tag
        if tag == "img":
            if still_of_video(element):
                embeds += embeds < MOST_EMBEDS and rewrite_embed(element)
            elif not is_alone(element):
                images.append(element)
        elif tag == "noscript":
            rewrite_noscript(element)
        elif tag != "template" and embeds < MOST_EMBEDS:
            embeds += rewrite_embed(element)
    for element in dom.select(_SELECTOR)[:MOST_ELEMENTS]:
        if embeds < MOST_EMBEDS and rewrite_embed(element):
            embeds += 1
        else:
            rewrite_background(element)
    rewrite_images(images)
