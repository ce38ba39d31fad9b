"""Links of the list of sources: they keep folder and filter."""

from unabridged.archive.records.core import Folder
from unabridged.serve.views.sources.source_list import folder_links, page_links, sources_path


def test_links_to_pages_keep_the_folder_and_the_filter() -> None:
    assert sources_path() == "/sources"
    assert page_links(1, 1, None, "") == ()
    assert page_links(2, 3, 7, "a & b") == (
        ("Previous", "/sources?folder=7&q=a+%26+b"),
        ("Next", "/sources?folder=7&q=a+%26+b&page=3"),
    )


def test_the_feeds_in_no_folder_have_a_link_where_there_are_any() -> None:
    folders = [Folder(id=1, name="News", feeds=5)]
    links = folder_links(folders, 7, 0, "")
    assert [(one.name, one.href, one.feeds, one.current) for one in links] == [
        ("All", "/sources", 7, False),
        ("News", "/sources?folder=1", 5, False),
        ("No folder", "/sources?folder=0", 2, True),
    ]
    assert len(folder_links(folders, 5, None, "")) == 2
