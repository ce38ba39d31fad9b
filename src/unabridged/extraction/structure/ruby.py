"""Ruby annotations without the white space that indents their source."""

from unabridged.extraction.html.dom import Dom, Element, Text
from unabridged.extraction.structure.page_names import PageNames

_PARTS = ("ruby", "rb", "rt", "rp", "rtc")


def tighten_ruby(dom: Dom, names: PageNames) -> None:
    """Remove line ends and blanks between and around the parts of every ruby annotation."""
    if not names.have_tag(("ruby",)):
        return
    for ruby in dom.elements("ruby"):
        for element in (ruby, *ruby.iter_elements(_PARTS)):
            _tighten(element)


def _tighten(element: Element) -> None:
    for node in list(element):
        if type(node) is Text and (node.data[:1].isspace() or node.data[-1:].isspace()):
            if node.data.isspace():
                node.extract()
            else:
                node.data = node.data.strip()
