"""XML that is broken, cut short or printed after something else."""

import pytest

from tests.feeds.parsing.documents import read

MENDED = {
    "bare ampersands": ("<item><title>AT&T & R&D &lt;3</title></item>", "AT&T & R&D <3"),
    "HTML entities": ("<item><title>Caf&eacute; &mdash; &hellip; &AElig;</title></item>", "Café — … Æ"),
    "an unknown entity": ("<item><title>a &doesnotexist; b</title></item>", "a &doesnotexist; b"),
    "a bare less-than sign": ("<item><title>1 < 2 and 3 <4</title></item>", "1 < 2 and 3 <4"),
    "controls and NUL": ("<item><title>a\x08b\x00c&#0;d&#xD800;e</title></item>", "abcde"),
    "an undeclared prefix": ("<item><title>T</title><dc:creator>Ana</dc:creator></item>", "T"),
    "a surrogate inside a tag": ("<item><title>T</title><a b<![CDATA[c&#xD800;d/></item>", "T"),
    "a tag without a local name": (
        "<item><title>T</title><content type='xhtml'><x:><a:>1</a:></x:></content></item>", "T"
    ),
    "an unclosed tag": ("<item><title>T</title><description><p>one</description></item>", "T"),
    "a repeated attribute": ("<item a='1' a='2'><title>T</title></item>", "T"),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "title"), MENDED.values(), ids=MENDED.keys())
def test_broken_xml_is_mended_with_a_note(inside: str, title: str) -> None:
    feed = read(f"<rss version='2.0'><channel>{inside}</channel></rss>")
    assert feed.entries[0].title == title
    assert feed.notes


@pytest.mark.parametrize(
    "junk",
    [
        "\n\n",
        "<br />\n<b>Warning</b>: include() in <b>/x.php</b> on line <b>2</b><br />\n",
        "\ufeff \n",
        "OK",
    ],
)
def test_what_a_server_printed_before_the_feed_is_dropped(junk: str) -> None:
    feed = read(
        f"{junk}<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><item/></channel></rss>"
    )
    assert (feed.title, len(feed.entries)) == ("T", 1)


def test_a_feed_that_breaks_off_loses_its_last_item_and_says_so() -> None:
    whole = "<rss version='2.0'><channel>" + "".join(f"<item><title>{n}</title></item>" for n in range(5))
    cut = read(whole + "<item><title>5</title><description>half a sen")
    assert [entry.title for entry in cut.entries] == ["0", "1", "2", "3", "4"]
    assert "the document breaks off before its end" in cut.notes
