"""Everything that Unabridged raises, as one tree.

    UnabridgedError
    ├── InvalidURL            not an address that can be fetched
    ├── ConfigError           a setting cannot be read
    ├── FetchError            a page or feed could not be got
    │   ├── FetchRefused      our own guard said no (private address, scheme, credentials)
    │   ├── HostNotFound      the name does not resolve
    │   ├── FetchTimeout      no whole answer within the deadline
    │   ├── TooLarge          a cap on wire bytes, decoded bytes or their ratio was passed
    │   ├── TooManyRedirects  more hops than allowed, or a loop
    │   ├── ConnectionFailed  refused, reset, TLS failure, half an answer
    │   ├── RobotsRefused     the site's robots.txt says no, and the settings obey it
    │   └── BadStatus         the site answered 4xx or 5xx
    │       └── HostSilent    the host wants to be left alone for a while; it was not asked
    ├── FeedError             bytes that are no feed
    │   ├── NotAFeed          readable, but something else (an HTML page); names what
    │   ├── FeedFault         a fault of this program that one feed or page brought to light
    │   └── FeedKilledReader  reading it took more time or memory than allowed, or crashed the worker
    ├── ExtractError          a page from which no article can be made
    │   └── NotAPage          no HTML at all (binary, empty)
    ├── RuleError             a site rule cannot be read
    ├── DocumentError         an archive document cannot be read
    ├── NotAWarc              a file that should hold a WARC's records holds something else
    ├── BadQuery              a search that cannot be understood
    ├── ArchiveError          the database refused
    │   ├── NotFound          no such article, feed, revision, user
    │   ├── NotAnArchive      the file is no Unabridged database
    │   ├── SchemaTooNew      written by a newer Unabridged
    │   ├── SchemaTooOld      written by an older one, and nobody upgraded it yet
    │   ├── ArchiveUnwritable read-only folder, full disk
    │   │   └── ArchiveLocked another program writes to it for too long; it is valid
    │   ├── DamagedRecord     a stored article, entry or row cannot be read
    │   └── LeaseLost         another worker has taken the feed over
    └── ExportError           an export cannot be written

Every message says what happened and what to do. Exit codes of the command line hang on the
classes here (`exit_code`), documented in docs/reference/cli.md.
"""

import re
from typing import ClassVar

_LOGIN_OF_ADDRESS = re.compile(
    r"^(?>((?:[/\\\s]+|[a-z][a-z0-9+.-]*:(?=[/\\])|https?:|feed:)*))"
    r"(?:[^/\\?#]*@|[^/\\?#@\[]*:(?!\d{0,5}(?:[/\\?#]|$)).*@)",
    re.IGNORECASE | re.DOTALL,
)
"""The second line: what stands before an @ and holds no slash; or a name, a colon and no port before the last
@, for passwords that hold a slash."""

_LONGEST = 8192
"""Characters of an address that are looked through: a longer one is none that is fetched."""

_LOGIN_IN_TEXT = re.compile(r"(://)[^\s/?#\\'\"<>]*@")


def without_login(url: str) -> str:
    """Return an address, however it is written, without the name and password in it."""
    if "@" not in url:
        return url
    start, rest = url[:_LONGEST], url[_LONGEST:]
    return _LOGIN_OF_ADDRESS.sub(r"\1", start, count=1) + rest


def without_logins(text: str) -> str:
    """Return a text without the names and passwords of the addresses in it."""
    return _LOGIN_IN_TEXT.sub(r"\1", text)


class UnabridgedError(Exception):
    """The base of every error that Unabridged raises on purpose; no message shows an address's password."""

    exit_code: ClassVar[int] = 1

    def __init__(self, *words: object) -> None:
        super().__init__(*(without_logins(one) if isinstance(one, str) else one for one in words))


class InvalidURL(UnabridgedError):
    """url: the address without a name and password. why: says nothing of them either."""

    exit_code = 2

    def __init__(self, url: str, why: str) -> None:
        shown = without_login(url)
        super().__init__(f"{shown[:200]!r} is not an address that can be fetched: {why}.")
        self.url = shown
        self.why = why


class ConfigError(UnabridgedError):
    exit_code = 2


class FetchError(UnabridgedError):
    """A page or feed could not be got. `url` is the address asked for, `kind` a word for records."""

    exit_code = 3
    kind: ClassVar[str] = "fetch"

    def __init__(self, url: str, message: str) -> None:
        super().__init__(message)
        self.url = without_login(url)


class FetchRefused(FetchError):
    exit_code = 4
    kind = "refused"


class HostNotFound(FetchError):
    kind = "host-not-found"


class FetchTimeout(FetchError):
    kind = "timeout"


class TooLarge(FetchError):
    kind = "too-large"


class TooManyRedirects(FetchError):
    kind = "redirects"


class ConnectionFailed(FetchError):
    kind = "connection"


class RobotsRefused(FetchError):
    kind = "robots"


class BadStatus(FetchError):
    """status: the HTTP status; retry_after: seconds the site asked us to wait, None where silent."""

    kind = "status"

    def __init__(self, url: str, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(url, message)
        self.status = status
        self.retry_after = retry_after


class HostSilent(BadStatus):
    """Nothing was asked, since the host had said when to come again. retry_after: seconds until then."""

    kind = "silent"

    def __init__(self, url: str, message: str, retry_after: int) -> None:
        super().__init__(url, 429, message, retry_after)


class FeedError(UnabridgedError):
    exit_code = 5


class NotAFeed(FeedError):
    def __init__(self, url: str, found: str, advice: str = "") -> None:
        super().__init__(f"{url} is not a feed but {found}. {advice}".strip())
        self.url = without_login(url)
        self.found = found


class FeedFault(FeedError):
    """A fault of this program that one feed or page brought to light; the others go on."""

    def __init__(self, url: str, fault: Exception) -> None:
        words = " ".join(str(fault).split())[:200]
        what = f"{type(fault).__name__}: {words}".rstrip(":. ")
        super().__init__(f"{url} could not be taken in, a fault of this program: {what}.")


class FeedKilledReader(FeedError):
    """The worker process that read the feed died of it; keep the body aside for a look."""


class ExtractError(UnabridgedError):
    exit_code = 6


class NotAPage(ExtractError):
    pass


class RuleError(UnabridgedError):
    exit_code = 2


class DocumentError(UnabridgedError):
    exit_code = 7


class NotAWarc(UnabridgedError):
    """A file that cannot be read as a WARC."""

    exit_code = 7


class BadQuery(UnabridgedError):
    """A search that cannot be understood; the message says what to type instead."""

    exit_code = 2


class ArchiveError(UnabridgedError):
    exit_code = 8


class NotFound(ArchiveError):
    exit_code = 9


class NotAnArchive(ArchiveError):
    pass


class SchemaTooNew(ArchiveError):
    pass


class SchemaTooOld(ArchiveError):
    pass


class ArchiveUnwritable(ArchiveError):
    pass


class DamagedRecord(ArchiveError):
    """One record of the archive cannot be read; the others can."""


class ArchiveLocked(ArchiveUnwritable):
    """Another program held the archive for too long. Nothing is wrong with it: try later."""

    exit_code = 10


class LeaseLost(ArchiveError):
    pass


class ExportError(UnabridgedError):
    exit_code = 7
