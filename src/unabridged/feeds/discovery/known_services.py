"""Feed addresses of known services, from the address of a page alone."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

YOUTUBE_CHANNEL = "https://www.youtube.com/feeds/videos.xml?channel_id={0}"
_REDDIT = r"(?:(?:www|old|new|np|i|m|sh|amp)\.)?reddit\.com"
_YOUTUBE = r"(?:www\.|m\.|music\.)?youtube\.com"

# Host (a regular expression), path (the same), feeds' addresses. {0}, {1}: groups of the path's match;
# {host}: the host as asked for.
_SERVICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (_YOUTUBE, r"/channel/(UC[\w-]{20,})(?:/.*)?", (YOUTUBE_CHANNEL,)),
    (_YOUTUBE, r"/user/([\w.-]+)(?:/.*)?", ("https://www.youtube.com/feeds/videos.xml?user={0}",)),
    (_YOUTUBE, r".*", ()),  # the page of a handle or a custom name tells the channel
    (
        r"github\.com",
        r"/([\w.-]+)/([\w.-]+)/(?:commits|tree|blob)/([\w./-]+?)/?",
        ("https://github.com/{0}/{1}/commits/{2}.atom", "https://github.com/{0}/{1}/releases.atom"),
    ),
    (
        r"github\.com",
        r"/([\w.-]+)/([\w.-]+)/(commits|tags|wiki|discussions)(?:/.*)?",
        ("https://github.com/{0}/{1}/{2}.atom", "https://github.com/{0}/{1}/releases.atom"),
    ),
    (
        r"github\.com",
        r"/(?!orgs/|topics/|features/|about/|sponsors/|settings/|marketplace/|collections/)([\w.-]+)/([\w.-]+)(?:/.*)?",
        (
            "https://github.com/{0}/{1}/releases.atom",
            "https://github.com/{0}/{1}/commits.atom",
            "https://github.com/{0}/{1}/tags.atom",
        ),
    ),
    (r"github\.com", r"/([\w-]+)/?", ("https://github.com/{0}.atom",)),
    (
        r"(?:www\.)?gitlab\.com|gitlab\..+",
        r"/([\w./-]+?/[\w.-]+)/-/(?:commits|tree|blob)/([\w.-]+)(?:/.*)?",
        ("https://{host}/{0}/-/commits/{1}?format=atom", "https://{host}/{0}.atom"),
    ),
    (
        r"(?:www\.)?gitlab\.com|gitlab\..+",
        r"/([\w./-]+?/[\w.-]+)/-/tags(?:/.*)?",
        ("https://{host}/{0}/-/tags?format=atom", "https://{host}/{0}.atom"),
    ),
    (
        r"(?:www\.)?gitlab\.com|gitlab\..+",
        r"/([\w./-]+?/[\w.-]+)(?:/-/.*)?/?",
        (
            "https://{host}/{0}/-/releases.atom",
            "https://{host}/{0}/-/tags?format=atom",
            "https://{host}/{0}.atom",
        ),
    ),
    (
        r"(?:codeberg\.org|gitea\..+)",
        r"/([\w.-]+)/([\w.-]+)(?:/.*)?",
        ("https://{host}/{0}/{1}/releases.rss", "https://{host}/{0}/{1}.rss"),
    ),
    (_REDDIT, r"/?", ("https://www.reddit.com/.rss",)),
    (
        _REDDIT,
        r"(/(?:r|u|user)/[\w+-]+(?:/(?:hot|new|top|rising|submitted|m/\w+|comments/.+?))?)/?",
        ("https://www.reddit.com{0}/.rss",),
    ),
    (_REDDIT, r"(/(?:r|u|user|domain)/[\w.+-]+)(?:/.*)?", ("https://www.reddit.com{0}/.rss",)),
    (r"open\.substack\.com", r"/pub/([\w-]+)(?:/.*)?", ("https://{0}.substack.com/feed",)),
    (r"(?:.+\.)?substack\.com", r"/@([\w-]+)(?:/.*)?", ("https://{0}.substack.com/feed",)),
    (r".+\.substack\.com", r".*", ("https://{host}/feed",)),
    (r"medium\.com", r"/(tag/[\w-]+)(?:/.*)?", ("https://medium.com/feed/{0}",)),
    (r"medium\.com", r"/(@?[\w.-]+)(?:/.*)?", ("https://medium.com/feed/{0}",)),
    (r".+\.medium\.com", r".*", ("https://{host}/feed",)),
    (r"www\.tumblr\.com", r"/blog/(?:view/)?([\w-]+)(?:/.*)?", ("https://{0}.tumblr.com/rss",)),
    (r"(?!www\.).+\.tumblr\.com", r"(/tagged/[^/]+)/?", ("https://{host}{0}/rss", "https://{host}/rss")),
    (r"(?!www\.).+\.tumblr\.com", r".*", ("https://{host}/rss",)),
    (r"(?:www\.)?tumblr\.com", r"/([\w-]+)(?:/.*)?", ("https://{0}.tumblr.com/rss",)),
    (
        r".+\.blogspot\.[a-z.]+",
        r".*",
        ("https://{host}/feeds/posts/default", "https://{host}/feeds/posts/default?alt=rss"),
    ),
    (
        r".+\.wordpress\.com",
        r"(/(?:category|tag|author)/.+?)/?",
        ("https://{host}{0}/feed/", "https://{host}/feed/"),
    ),
    (r".+\.wordpress\.com", r".*", ("https://{host}/feed/",)),
    (
        r".+\.(?:hatenablog\.com|hatenablog\.jp|hateblo\.jp)",
        r".*",
        ("https://{host}/feed", "https://{host}/rss"),
    ),
    (r"note\.com", r"/([\w-]+)(?:/.*)?", ("https://note.com/{0}/rss",)),
    (r"zenn\.dev", r"/(p/[\w-]+|[\w-]+)(?:/.*)?", ("https://zenn.dev/{0}/feed",)),
    (r"qiita\.com", r"/([\w-]+)(?:/.*)?", ("https://qiita.com/{0}/feed.atom",)),
    (r"dev\.to", r"/([\w-]+)(?:/.*)?", ("https://dev.to/feed/{0}",)),
    (r"bsky\.app", r"/profile/([\w.:-]+)(?:/.*)?", ("https://bsky.app/profile/{0}/rss",)),
    (r"vimeo\.com", r"/((?:channels/)?[\w-]+)/?", ("https://vimeo.com/{0}/videos/rss",)),
    (r"(?:www\.)?dailymotion\.com", r"/(?:user/)?([\w-]+)/?", ("https://www.dailymotion.com/rss/user/{0}",)),
    (r"(?:www\.)?pinterest\.[a-z.]+", r"/([\w-]+)/?", ("https://www.pinterest.com/{0}/feed.rss",)),
    (
        r"(?:[\w.]+\.)?(?:stackexchange|stackoverflow|serverfault|superuser|askubuntu)\.com",
        r"/questions/tagged/([^/]+).*",
        ("https://{host}/feeds/tag/{0}",),
    ),
    (
        r"(?:[\w.]+\.)?(?:stackexchange|stackoverflow|serverfault|superuser|askubuntu)\.com",
        r"/questions/(\d+).*",
        ("https://{host}/feeds/question/{0}",),
    ),
    (r"news\.ycombinator\.com", r".*", ("https://news.ycombinator.com/rss",)),
    (r"(?:www\.)?v2ex\.com", r"/go/([\w-]+).*", ("https://www.v2ex.com/feed/{0}.xml",)),
    (r"sspai\.com", r".*", ("https://sspai.com/feed",)),
    (r"(?:www\.)?ximalaya\.com", r"/(?:album|\w+)/(\d+).*", ("https://www.ximalaya.com/album/{0}.xml",)),
    (r"pypi\.org", r"/project/([\w.-]+)(?:/.*)?", ("https://pypi.org/rss/project/{0}/releases.xml",)),
)
# The same paths on any host: software that many sites run themselves.
_SOFTWARE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"/(?:web/|deck/)?@([\w.-]+)@([\w.-]+)(?:/.*)?",
        ("https://{1}/@{0}.rss",),
    ),  # Mastodon, of another server
    (r"/(?:web/|deck/)?@([\w.-]+)(?:/.*)?", ("https://{host}/@{0}.rss",)),  # Mastodon, Pixelfed
    (r"/tags/([\w.-]+)/?", ("https://{host}/tags/{0}.rss",)),  # Mastodon
    (r"/users/([\w.-]+)(?:/.*)?", ("https://{host}/users/{0}.rss", "https://{host}/users/{0}.atom")),
    (
        r"/c/([\w@.-]+)(?:/.*)?",  # Lemmy, PeerTube
        ("https://{host}/feeds/c/{0}.xml", "https://{host}/feeds/videos.xml?videoChannelName={0}"),
    ),
    (
        r"/u/([\w@.-]+)/?",
        ("https://{host}/feeds/u/{0}.xml", "https://{host}/u/{0}/activity.rss"),
    ),  # Lemmy, Discourse
    (r"/a/([\w@.-]+)(?:/.*)?", ("https://{host}/feeds/videos.xml?accountName={0}",)),  # PeerTube
    (r"/t/[^/]+/(\d+).*", ("https://{host}/t/{0}.rss",)),  # Discourse
)
_COMPILED = tuple((re.compile(host), re.compile(path), feeds) for host, path, feeds in _SERVICES)
_COMPILED_SOFTWARE = tuple((re.compile(path), feeds) for path, feeds in _SOFTWARE)

# Well-known names, the most frequent of real sites first.
_BESIDE = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json")
_AT_ROOT = (
    *_BESIDE,
    "feed/",
    "feeds/posts/default",
    "?feed=rss2",
    "blog/feed",
    "blog/rss.xml",
    "news/rss.xml",
    "feeds",
    "rss/index.xml",
    "feeds/all.atom.xml",
    "index.rdf",
    "index.rss",
    "latest.rss",
)
_NEWS_SITEMAPS = (
    "news-sitemap.xml",
    "sitemap-news.xml",
    "sitemap_news.xml",
    "googlenews.xml",
    "sitemap/news.xml",
)

MAX_CANDIDATES = 40
"""Most addresses proposed for one site; a polite probe stops at the first that is a feed."""


def candidate_addresses(url: str) -> tuple[str, ...]:
    """Return addresses where a feed for this address may be, the likeliest first; none is checked.

    First what the address itself says (a channel, a repository, an account), then well-known names
    beside it and at the root of its host, at last news sitemaps.
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return ()
    if parts.scheme not in ("http", "https") or not host:
        return ()
    known = tuple(service_feeds(url))
    if is_known_service(url):
        return known
    guesses = (*known, *_well_known(f"{parts.scheme}://{host}", parts.path))
    return tuple(dict.fromkeys(guesses))[:MAX_CANDIDATES]


def service_feeds(url: str) -> Iterator[str]:
    """Yield the feeds that a well-known service or software has for an address."""
    parts = urlsplit(url)
    host, path = parts.netloc.rpartition("@")[2].lower(), parts.path or "/"
    yield from _youtube_list(host, parts.query)
    for host_pattern, path_pattern, feeds in _COMPILED:
        match = path_pattern.fullmatch(path) if host_pattern.fullmatch(host) else None
        if match:
            yield from (feed.format(*match.groups(), host=host) for feed in feeds)
            return
    for path_pattern, feeds in _COMPILED_SOFTWARE:
        if match := path_pattern.fullmatch(path):
            yield from (feed.format(*match.groups(), host=host) for feed in feeds)


def _youtube_list(host: str, query: str) -> Iterator[str]:
    if re.fullmatch(_YOUTUBE, host):
        for name in parse_qs(query, max_num_fields=20).get("list", ())[:1] if query.count("&") < 20 else ():
            yield f"https://www.youtube.com/feeds/videos.xml?playlist_id={name}"


def is_known_service(url: str) -> bool:
    """Return True if the host is known, and not only software that any host may run."""
    parts = urlsplit(url)
    host, path = parts.netloc.rpartition("@")[2].lower(), parts.path or "/"
    return any(pattern.fullmatch(host) and way.fullmatch(path) for pattern, way, _ in _COMPILED)


def _well_known(root: str, path: str) -> Iterator[str]:
    folder = path.rpartition("/")[0] if "." in path.rpartition("/")[2] else path.rstrip("/")
    if folder:
        yield from (f"{root}{folder}/{name}" for name in _BESIDE)
    yield from (f"{root}/{name}" for name in _AT_ROOT)
    yield from (f"{root}/{name}" for name in _NEWS_SITEMAPS)
