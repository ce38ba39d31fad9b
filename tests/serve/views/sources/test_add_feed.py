"""The choice of a site's feeds, and errors about an address in words."""

from unabridged.errors import BadStatus, FetchRefused, HostNotFound, InvalidURL, NotAFeed, UnabridgedError
from unabridged.feeds.discovery.page_links import FoundFeed
from unabridged.serve.views.sources.add_feed import add_problem, feed_choices

FEEDS = (
    FoundFeed(url="https://a.example/rss?x=1&y=2", title="News", type="rss"),
    FoundFeed(url="https://a.example/atom", type="atom"),
)


def test_every_feed_leads_to_its_preview_and_the_chosen_one_is_marked() -> None:
    known = {FEEDS[1].url: "/feeds/4"}
    first, second = feed_choices(FEEDS, "a.example", FEEDS[0].url, "My News", known)
    assert (first.title, first.format, first.chosen, first.known) == ("News", "RSS", True, "")
    assert (second.title, second.format, second.chosen, second.known) == (
        "https://a.example/atom",
        "Atom",
        False,
        "/feeds/4",
    )
    assert (
        first.href == "/add?url=a.example&feed=https%3A%2F%2Fa.example%2Frss%3Fx%3D1%26y%3D2&folder=My+News"
    )


def test_every_error_comes_with_what_to_do_and_without_a_command() -> None:
    errors: tuple[UnabridgedError, ...] = (
        InvalidURL("ftp://x", "the scheme is ftp"),
        HostNotFound("https://x.example", "There is no host x.example; look with `unabridged find`."),
        FetchRefused("http://10.0.0.1/", "It is private. Allow it under [fetch] allow_private."),
        BadStatus("https://x.example", 404, "It answered 404; look with `unabridged find`."),
        NotAFeed("https://x.example", "a page that leads to no feed", "`unabridged save X` saves it."),
    )
    for error in errors:
        problem = add_problem(error)
        assert problem.what and problem.advice, error
        assert "`" not in problem.what + problem.advice
        assert "[fetch]" not in problem.what + problem.advice
