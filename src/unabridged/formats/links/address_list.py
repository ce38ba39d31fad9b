"""Plain lists of addresses, one a line, with tags and titles as newsboat writes them."""

import re
from collections.abc import Iterator

from unabridged.errors import DocumentError
from unabridged.formats.links.saved_link import SavedLink

_BULLET = re.compile(r"(?:[-*+•]|\d{1,5}[.)])\s+")
_MARKDOWN = re.compile(r"\[(?P<title>[^\]]*)\]\(\s*<?(?P<url>[^\s>()]+(?:\([^\s()]*\)[^\s>()]*)*)>?[^)]*\)")
_LINE = re.compile(
    r"<?(?P<url>[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"]+|[\w-]+(?:\.[\w-]+)+(?:[/:?#][^\s<>\"]*)?)>?(?P<rest>(?:\s.*)?)"
)
_TAG = re.compile(r'"([^"]*)"|(?<=\s)#(\w[\w-]*)')


def is_address_list(head: str) -> bool:
    """Tell if the first line that is no comment is an address with its scheme."""
    lines = (stripped for line in head.splitlines() if (stripped := _bare(line)))
    return bool(re.match(r"<?https?://\S+|\[[^\]]*\]\(https?://", next(lines, ""), re.IGNORECASE))


def _bare(line: str) -> str:
    """Return a line without bullet; "" for comments."""
    line = line.strip().lstrip("\ufeff")
    return "" if line.startswith("#") else _BULLET.sub("", line, count=1)


def read_addresses(text: str, name: str) -> Iterator[tuple[str, SavedLink] | DocumentError]:
    """Yield the place and the link of each line; an error for a line that is neither address nor comment."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = _bare(line)
        if not bare:
            continue
        where = f"{name}:{number}"
        if match := _MARKDOWN.match(bare):
            yield where, SavedLink(url=match["url"], title=match["title"])
        elif match := _LINE.fullmatch(bare):
            yield where, _link(match["url"], match["rest"])
        else:
            yield DocumentError(f"{where}: {bare[:100]!r} is no address. Comments begin with #.")


def _link(url: str, rest: str) -> SavedLink:
    tags = [one or other for one, other in _TAG.findall(rest)]
    titles = [tag[1:] for tag in tags if tag.startswith("~")]
    left = " ".join(_TAG.sub(" ", rest).split())
    title = titles[0] if titles else left.removeprefix("~").removeprefix("|").removeprefix("-").strip()
    if "://" not in url:
        url = f"https://{url}"
    return SavedLink(
        url=url, title=title, tags=tuple(tag for tag in tags if tag and not tag.startswith(("~", "!")))
    )
