"""Clean titles of other archivers' documents, without the site's name."""

import re

from unabridged.extraction.body.fragment import plain_text
from unabridged.urls import registrable_domain

_SEPARATOR = re.compile(r"\s+[-–—|_·]\s+")
_PUBLISHER_NAME = re.compile(
    r"(?:电台|電台|电视台|電視台|广播|廣播|新闻|新聞|新闻网|新聞網|时报|時報|日报|日報|通讯社|通訊社|之声|之聲|中文网|中文網"
    r"|中文|网|網|ニュース|新聞社|뉴스|신문|news|radio|times|post|tv|television|journal|daily|online|magazin\w*)$",
    re.IGNORECASE,
)


def clean_title(written: str, url: str) -> tuple[str, str | None]:
    """Return the title as plain text without the site's name at its end, and that name or None.

    The last part is the site's name if it equals the site's domain ("… - RFI" on rfi.fr); the part before
    it is another form of the name only if it ends like one (a radio, a newspaper).
    """
    title = plain_text(written.replace("\\[", "[").replace("\\]", "]"))
    parts = _SEPARATOR.split(title)
    if len(parts) < 2 or not _is_domain(parts[-1], url):
        return title, None
    names = 2 if len(parts) > 2 and _PUBLISHER_NAME.search(parts[-2]) else 1
    ends = [match.start() for match in _SEPARATOR.finditer(title)]
    return title[: ends[-names]].strip(), parts[-names]


def _is_domain(name: str, url: str) -> bool:
    letters = re.sub(r"\W+", "", name).casefold()
    label = registrable_domain(url).partition(".")[0].replace("-", "")
    return len(letters) >= 2 and letters == label
