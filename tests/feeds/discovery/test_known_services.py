"""Feeds of well-known services and usual addresses, guessed from a page's address."""

import pytest

from unabridged.feeds.discovery.known_services import MAX_CANDIDATES, candidate_addresses

CHANNEL = "UCabcdefghijklmnopqrstuv"
VIDEOS = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        (
            "https://www.youtube.com/playlist?list=PLxyz",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PLxyz",
        ),
        ("https://github.com/rust-lang/rust", "https://github.com/rust-lang/rust/releases.atom"),
        ("https://github.com/torvalds", "https://github.com/torvalds.atom"),
        ("https://old.reddit.com/r/python/", "https://www.reddit.com/r/python/.rss"),
        ("https://mastodon.example/@ana", "https://mastodon.example/@ana.rss"),
        ("https://letters.substack.com/p/one", "https://letters.substack.com/feed"),
        ("https://substack.com/@letters", "https://letters.substack.com/feed"),
        ("https://medium.com/@ana/a-story-1", "https://medium.com/feed/@ana"),
        ("https://ana.blogspot.com/2020/01/x.html", "https://ana.blogspot.com/feeds/posts/default"),
        ("https://bsky.app/profile/ana.example", "https://bsky.app/profile/ana.example/rss"),
        (f"https://www.youtube.com/channel/{CHANNEL}/", f"{VIDEOS}?channel_id={CHANNEL}"),
        (f"https://m.youtube.com/channel/{CHANNEL}/videos", f"{VIDEOS}?channel_id={CHANNEL}"),
        ("https://www.youtube.com/user/ana/videos", f"{VIDEOS}?user=ana"),
        ("https://www.youtube.com/watch?v=x&list=PLxyz", f"{VIDEOS}?playlist_id=PLxyz"),
        ("https://github.com/o/r/tags", "https://github.com/o/r/tags.atom"),
        ("https://github.com/o/r/commits", "https://github.com/o/r/commits.atom"),
        ("https://github.com/o/r/commits/main/", "https://github.com/o/r/commits/main.atom"),
        ("https://github.com/o/r/wiki/Page", "https://github.com/o/r/wiki.atom"),
        ("https://github.com/o/r/releases/tag/v1", "https://github.com/o/r/releases.atom"),
        ("https://gitlab.com/g/p/-/commits/main", "https://gitlab.com/g/p/-/commits/main?format=atom"),
        ("https://gitlab.com/g/s/p/-/tags", "https://gitlab.com/g/s/p/-/tags?format=atom"),
        ("https://gitlab.com/g/p", "https://gitlab.com/g/p/-/releases.atom"),
        ("https://np.reddit.com/r/python/wiki/index", "https://www.reddit.com/r/python/.rss"),
        ("https://www.reddit.com/user/ana/m/boats/", "https://www.reddit.com/user/ana/m/boats/.rss"),
        ("https://mastodon.example/@ana/112233", "https://mastodon.example/@ana.rss"),
        ("https://mastodon.example/@ana-b@other.example", "https://other.example/@ana-b.rss"),
        ("https://mastodon.example/tags/boats", "https://mastodon.example/tags/boats.rss"),
        ("https://lemmy.example/c/boats", "https://lemmy.example/feeds/c/boats.xml"),
        ("https://lemmy.example/u/ana", "https://lemmy.example/feeds/u/ana.xml"),
        ("https://open.substack.com/pub/letters/p/one", "https://letters.substack.com/feed"),
        ("https://medium.com/tag/boats", "https://medium.com/feed/tag/boats"),
        ("https://ana.tumblr.com/tagged/boats", "https://ana.tumblr.com/tagged/boats/rss"),
        ("https://www.tumblr.com/ana/123/slug", "https://ana.tumblr.com/rss"),
        ("https://www.tumblr.com/blog/view/ana", "https://ana.tumblr.com/rss"),
        ("https://ana.wordpress.com/category/boats/", "https://ana.wordpress.com/category/boats/feed/"),
    ],
)
def test_well_known_services_are_known_by_their_addresses(url: str, feed: str) -> None:
    assert candidate_addresses(url)[0] == feed


def test_a_site_of_its_own_is_guessed_beside_the_page_then_at_the_root_then_as_a_news_sitemap() -> None:
    found = candidate_addresses("https://paper.example/blog/2020/post.html")
    assert found[0] == "https://paper.example/blog/2020/feed"
    assert found.index("https://paper.example/feed") < found.index("https://paper.example/news-sitemap.xml")
    assert len(found) == len(set(found)) <= MAX_CANDIDATES


@pytest.mark.parametrize("path", ["@ana", "@ana/videos", "c/Ana", "watch?v=x"])
def test_nothing_is_guessed_where_only_the_page_can_tell(path: str) -> None:
    assert candidate_addresses(f"https://www.youtube.com/{path}") == ()


def test_a_guess_by_software_does_not_stop_the_well_known_names() -> None:
    found = candidate_addresses("https://site.example/@ana")
    assert found[0] == "https://site.example/@ana.rss"
    assert "https://site.example/feed" in found


@pytest.mark.parametrize("url", ["ftp://a.example/", "mailto:a@b.example", "", "https://", "http://[::1"])
def test_what_is_no_web_address_has_no_candidates(url: str) -> None:
    assert candidate_addresses(url) == ()
