"""All exceptions that Unabridged raises, as one tree.

    UnabridgedError
    ├── InvalidURL            an address that cannot be fetched
    ├── ConfigError           a setting cannot be read
    ├── FetchError            a page or feed could not be fetched
    │   ├── FetchRefused      refused by our address guard (private address, scheme, credentials)
    │   ├── HostNotFound      the name does not resolve
    │   ├── FetchTimeout      no complete response within the deadline
    │   ├── TooLarge          a limit on wire bytes, decoded bytes or their ratio was exceeded
    │   ├── TooManyRedirects  more hops than allowed, or a loop
    │   ├── ConnectionFailed  refused, reset, TLS failure, truncated response
    │   ├── RobotsRefused     forbidden by robots.txt, which the settings obey
    │   └── BadStatus         the site answered 4xx or 5xx
    │       └── HostSilent    the host asked for a pause; no request was sent
    ├── FeedError             content that is not a feed
    │   ├── NotAFeed          readable, but something else, which is named (an HTML page)
    │   ├── HeadlineNotFound  a headline that was pointed at stands in no list of the page
    │   ├── ListVanished      a page that serves as a feed, and has none of its items any more
    │   ├── FeedFault         a bug of this program, triggered by one feed or page
    │   └── FeedKilledReader  parsing exceeded its time or memory limit, or crashed the reader process
    ├── ExtractError          a page from which no article can be extracted
    │   └── NotAPage          not HTML (binary, empty)
    ├── RuleError             a site rule cannot be read
    ├── DocumentError         an archive document cannot be read
    ├── NotAWarc              a file that is not a WARC file
    ├── ProofRefused          a proof bundle that was changed, or is none
    ├── BadQuery              a search query with a syntax error
    ├── ArchiveError          a database operation failed
    │   ├── NotFound          no such article, feed, revision, user
    │   ├── InvalidValue      a name, pattern, role or password that the archive refuses
    │   ├── LoginRefused      wrong name, password or one-time address, or too many tries
    │   ├── NotAnArchive      the file is not an Unabridged database
    │   ├── SchemaTooNew      written by a newer Unabridged
    │   ├── SchemaTooOld      written by an older one and not upgraded yet
    │   ├── ArchiveUnwritable read-only folder, full disk
    │   │   └── ArchiveLocked another program has locked it for too long; it is valid
    │   ├── DamagedRecord     a stored article, entry or row cannot be read
    │   └── LeaseLost         another worker has taken over the feed
    └── ExportError           an export cannot be written

Every message says what happened and what to do. Each class sets the exit code of the command line
(`exit_code`, documented in docs/reference/cli.md).
"""

import re
from datetime import timedelta
from typing import ClassVar

from unabridged.text.patterns import lazy_regex

_LOGIN_OF_ADDRESS = lazy_regex(
    r"^(?>((?:[/\\\s]+|[a-z][a-z0-9+.-]*:(?=[/\\])|https?:|feed:)*))"
    r"(?:[^/\\?#]*@|[^/\\?#@\[]*:(?!\d{0,5}(?:[/\\?#]|$)).*@)",
    re.IGNORECASE | re.DOTALL,
)
"""The second line matches text before an @ without a slash; or a name, a colon and not a port before the last
@, for passwords that contain a slash."""

_LONGEST = 8192
"""Characters of an address that are searched; a longer address is never fetched."""

_LOGIN_IN_TEXT = lazy_regex(r"(://)[^\s/?#\\'\"<>]*@")


def without_login(url: str) -> str:
    """Return an address without user name and password, whatever its form."""
    if "@" not in url:
        return url
    start, rest = url[:_LONGEST], url[_LONGEST:]
    return _LOGIN_OF_ADDRESS.sub(r"\1", start, count=1) + rest


def without_logins(text: str) -> str:
    """Return a text without the user names and passwords of the addresses in it."""
    return _LOGIN_IN_TEXT.sub(r"\1", text)


class UnabridgedError(Exception):
    """The base of all errors of Unabridged. Passwords in addresses are removed from messages."""

    exit_code: ClassVar[int] = 1

    def __init__(self, *words: object) -> None:
        super().__init__(*(without_logins(word) if isinstance(word, str) else word for word in words))


class InvalidURL(UnabridgedError):
    """An address that cannot be fetched. url: without user name and password. why: without them, too."""

    exit_code = 2

    def __init__(self, url: str, why: str) -> None:
        shown = without_login(url)
        super().__init__(f"{shown[:200]!r} is an address that cannot be fetched: {why}.")
        self.url = shown
        self.why = why


def extra_advice(extra: str) -> str:
    """Return what to type to add an extra of this program ("bulk"), which is installed from a clone."""
    return (
        f"Install it from the folder of the source: uv tool install '.[{extra}]', "
        f"or pipx install --force '.[{extra}]', or .venv/bin/pip install -e '.[{extra}]'."
    )


class ConfigError(UnabridgedError):
    exit_code = 2


class FetchError(UnabridgedError):
    """A page or feed could not be fetched. url: the requested address. kind: code for stored records."""

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
    """A response of 4xx or 5xx. status: the HTTP status. retry_after: seconds from Retry-After, or None."""

    kind = "status"

    def __init__(self, url: str, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(url, message)
        self.status = status
        self.retry_after = retry_after


class HostSilent(BadStatus):
    """No request was sent, because the host asked for a pause. retry_after: seconds until it ends."""

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


class HeadlineNotFound(FeedError):
    """A headline that a person pointed at stands nowhere on the page, or in no list."""


class ListVanished(FeedError):
    """The list of a page that serves as a feed has no item any more: the page may have been redesigned."""


class FeedFault(FeedError):
    """A bug of this program, triggered by one feed or page. The others are processed as usual."""

    def __init__(self, url: str, fault: Exception) -> None:
        words = " ".join(str(fault).split())[:200]
        what = f"{type(fault).__name__}: {words}".rstrip(":. ")
        super().__init__(f"{url} could not be processed because of a bug in this program: {what}.")


class FeedKilledReader(FeedError):
    """The reader process of the feed died. The body is to be quarantined for analysis."""


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


class ProofRefused(UnabridgedError):
    """A proof bundle that was changed or is none. part: the file in it that is at fault."""

    exit_code = 7

    def __init__(self, message: str, part: str) -> None:
        super().__init__(message)
        self.part = part


class BadQuery(UnabridgedError):
    """A search query with a syntax error. The message says what to type instead.

    place: character of the query at which the error is, None if it is in the whole of it.
    """

    exit_code = 2

    def __init__(self, message: str, place: int | None = None) -> None:
        super().__init__(message)
        self.place = place


class ArchiveError(UnabridgedError):
    exit_code = 8


class NotFound(ArchiveError):
    exit_code = 9


class InvalidValue(ArchiveError):
    pass


class LoginRefused(ArchiveError):
    """retry_after: the time until the next try is allowed; None for now."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotAnArchive(ArchiveError):
    pass


class SchemaTooNew(ArchiveError):
    pass


class SchemaTooOld(ArchiveError):
    pass


class ArchiveUnwritable(ArchiveError):
    pass


class DamagedRecord(ArchiveError):
    """A record of the archive that cannot be read; the others can."""


class ArchiveLocked(ArchiveUnwritable):
    """Another program locked the archive for too long. The archive is valid: try again later."""

    exit_code = 10


class LeaseLost(ArchiveError):
    pass


class ExportError(UnabridgedError):
    exit_code = 7
