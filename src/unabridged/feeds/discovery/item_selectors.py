"""Selectors of a feed that is made from a page, with the parameters of Feed Creator
(https://help.fivefilters.org/feed-creator/usage)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSelectors:
    """Elements of a page that are the items of a feed, and the parts of an item.

    A selector is CSS, or XPath 1.0 if it begins with "/", "." and "/", or "("; with " @name" at its end it
    means an attribute; ":scope" is the item itself. Empty: the default.

    item: the items; else the links in elements whose id or class is `in_id_or_class`. title: "0" for none.
    url: "0" for none, "1" for the page's own. date_format: as of PHP's createFromFormat; "" to read any date.
    url_contains: an item's URL contains one of these; () for any. order: "document", "reverse" or "date".
    guid: the parts of which ids are made, of "url" and "title"; () for no ids.
    """

    item: str = ""
    in_id_or_class: str = ""
    title: str = ""
    url: str = ""
    description: str = ""
    date: str = ""
    date_format: str = ""
    image: str = ""
    url_contains: tuple[str, ...] = ()
    unique_url: bool = False
    order: str = "document"
    guid: tuple[str, ...] = ()
    most: int = 100
    feed_title: str = ""
