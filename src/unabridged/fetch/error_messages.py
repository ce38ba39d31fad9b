"""Network exceptions as FetchErrors, in words that say what to do."""

import errno
import socket
import ssl
from collections.abc import Mapping

import aiohttp

from unabridged.errors import ConnectionFailed, FetchError, FetchRefused, FetchTimeout, HostNotFound
from unabridged.fetch.connection_guard import AddressRefused
from unabridged.fetch.response_limits import LimitPassed
from unabridged.fetch.ssrf_guard import Target

_STATUS_TEXTS: dict[int, str] = {
    304: "says that nothing changed although no version was named; it is asked without validators next time",
    401: "asks for a user name and password; give them in the feed's settings",
    402: "asks for payment",
    403: "refuses to show this to us; it may want a login, or block programs",
    404: "has nothing at this address",
    405: "does not take plain requests",
    406: "offers no form of this that we can read",
    407: "cannot be reached through the proxy: it wants a login",
    410: "has removed this for good; it will not be asked again",
    429: "says that it was asked too often",
    451: "may not show this for legal reasons",
    500: "has an error of its own",
    502: "cannot reach the server behind it",
    503: "is busy or being repaired",
    504: "waited too long for the server behind it",
}


def explain_status(url: str, status: int, headers: Mapping[str, str]) -> str:
    """Say in a sentence what an HTTP status means for the person who wanted the page."""
    text = _STATUS_TEXTS.get(status)
    if text is None:
        text = "has an error of its own" if status >= 500 else "does not give this out"
    wait = headers.get("retry-after", "").strip()[:40]
    asked = f" It asks us to wait (Retry-After: {wait})." if wait.isprintable() and wait else ""
    return f"{url} answered {status}: the site {text}.{asked}"


_Row = tuple[tuple[type[BaseException], ...], type[FetchError], str]

_FAILURES: tuple[_Row, ...] = (
    (
        (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError),
        ConnectionFailed,
        "The certificate of {host} is not valid: {certificate}. The site has to mend it.",
    ),
    (
        (aiohttp.ClientSSLError, ssl.SSLError),
        ConnectionFailed,
        "{host} does not speak TLS as we do ({cause}). Try the http address.",
    ),
    (
        (aiohttp.ClientProxyConnectionError,),
        ConnectionFailed,
        "The proxy cannot be reached ({cause}). Look at proxy under [fetch].",
    ),
    (
        (aiohttp.ClientHttpProxyError,),
        ConnectionFailed,
        "The proxy refused to fetch {url} ({cause}). Look at proxy under [fetch].",
    ),
    (
        (LimitPassed,),
        ConnectionFailed,
        "{host} sends {cause}, so its answer is not read further. It is tried again later.",
    ),
    (
        (aiohttp.ServerTimeoutError,),
        FetchTimeout,
        "{host} did not answer in time. It is tried again later.",
    ),
    (
        (aiohttp.ClientPayloadError,),
        ConnectionFailed,
        "{url} broke off in the middle of its answer. It is tried again later.",
    ),
    (
        (aiohttp.ServerDisconnectedError,),
        ConnectionFailed,
        "{host} closed the connection without an answer. It is tried again later.",
    ),
    (
        (aiohttp.ClientResponseError,),
        ConnectionFailed,
        "{host} answered something that is not HTTP ({cause}). Check the address and port.",
    ),
    (
        (Exception,),
        ConnectionFailed,
        "{url} cannot be reached ({cause}). It is tried again later.",
    ),
)
"""First row that fits: (what aiohttp or the system raised, what we raise, the words)."""


def explain_connection(target: Target, exc: aiohttp.ClientError | OSError) -> FetchError:
    """Return the FetchError for a failure below HTTP."""
    url, host = target.url, target.host
    cause = exc.os_error if isinstance(exc, aiohttp.ClientConnectorError) else exc
    if isinstance(cause, AddressRefused):
        advice = f"Add {host}:{target.port} to allow_private under [fetch] if you meant it."
        return FetchRefused(url, f"{url} is {cause.strerror}. {advice}")
    if isinstance(exc, aiohttp.ClientConnectorDNSError) or isinstance(cause, socket.gaierror):
        return HostNotFound(url, _unresolved(host, cause))
    for kinds, error, words in _FAILURES:
        if isinstance(exc, kinds):
            return error(
                url,
                words.format(url=url, host=host, cause=_words(cause), certificate=_certificate_words(exc)),
            )
    raise AssertionError("the last row fits every exception")


def _unresolved(host: str, cause: BaseException) -> str:
    if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
        return f"No name server answered for {host}. Is this machine online? It is tried again later."
    return f"There is no host named {host}. Check the address; the site may have moved."


def _certificate_words(exc: BaseException) -> str:
    cause = getattr(exc, "certificate_error", exc)
    return str(getattr(cause, "verify_message", "") or cause)


_SYSTEM_TEXTS: Mapping[int | None, str] = {
    errno.ECONNREFUSED: "nothing answers at this port",
    errno.ECONNRESET: "the connection was cut",
    errno.ETIMEDOUT: "the connection took too long",
    errno.ENETUNREACH: "there is no way to its network",
    errno.EHOSTUNREACH: "there is no way to this host",
}
"""Error number of the system -> words; asyncio's own texts show addresses as Python writes them."""


def _words(cause: BaseException) -> str:
    if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) and cause.errno in _SYSTEM_TEXTS:
        return _SYSTEM_TEXTS[cause.errno]
    text = getattr(cause, "strerror", None) or getattr(cause, "message", None) or str(cause)
    return " ".join(str(text or type(cause).__name__).split())[:200]
