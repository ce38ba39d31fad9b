"""Settings: defaults, overridden by a TOML file, overridden by the environment, in one frozen record.

The command line reads them once and passes sections down; no other code reads the environment. The reference
page of the settings is generated from this file.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_origin

import platformdirs

from unabridged.durations import parse_duration
from unabridged.errors import ConfigError
from unabridged.text.patterns import lazy_regex

MEGABYTE = 1_000_000
IMAGES = ("starred", "all", "none")


def _setting(default: Any, text: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"text": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """Fetching of pages and feeds. Sizes in bytes, durations in seconds."""

    user_agent: str = _setting("Unabridged/0.1 (full-text feed reader)", "name in the User-Agent header")
    contact: str | None = _setting(
        None, "web or mail address for publishers to contact you, sent with the user agent"
    )
    timeout: float = _setting(20.0, "seconds for a complete response, redirects included")
    max_feed_bytes: int = _setting(15 * MEGABYTE, "largest feed, decoded")
    max_page_bytes: int = _setting(10 * MEGABYTE, "largest page, decoded")
    max_image_bytes: int = _setting(10 * MEGABYTE, "largest picture")
    max_media_bytes: int = _setting(2_000 * MEGABYTE, "largest audio or video file that is played")
    max_ratio: int = _setting(200, "largest ratio of decoded bytes to bytes on the wire, beyond 1 MB")
    max_redirects: int = _setting(5, "redirects followed before giving up")
    allow_private: tuple[str, ...] = _setting(
        (), "private hosts that may be fetched: host, host:port, address or CIDR"
    )
    proxy: str | None = _setting(None, "address of an HTTP proxy for every request")
    ca_file: str | None = _setting(
        None, "CA certificates (PEM) to trust in addition to the system's, for a private network"
    )
    per_host_gap: float = _setting(0.5, "seconds between two requests to one host")
    at_once: int = _setting(32, "parallel requests; a slow one stops counting, so that the next can start")
    robots: bool = _setting(False, "obey robots.txt when pages of articles are fetched")

    @property
    def signature(self) -> str:
        """The User-Agent header: our name and, if set, the contact."""
        return f"{self.user_agent} +{self.contact}" if self.contact else self.user_agent


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """Request settings of one feed that override [fetch]. Secrets are left out of the repr.

    headers: (name, value). proxy: an address, or "direct" for none. origin: the only origin that user,
    password and headers are sent to (`urls.origin`); None: they are not sent.
    """

    user_agent: str | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    origin: str | None = None

    @property
    def has_secrets(self) -> bool:
        """True if there is a user, password or header, which only one origin may receive."""
        return bool(self.headers) or self.username is not None or self.password is not None

    def bound_to(self, origin: str | None) -> "FeedSettings":
        """Return the same settings with their secrets bound to this origin."""
        return replace(self, origin=origin if self.has_secrets else None)

    def without_secrets(self) -> "FeedSettings":
        """Return the settings that apply to every origin: user agent and proxy."""
        return FeedSettings(user_agent=self.user_agent, proxy=self.proxy)


_TIMEMAP = lazy_regex(r"https?://[^\s/?#]+/[^\s#]*")
"""Address of a TimeMap without the address of a page at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """Polling of feeds and pages. Durations in seconds."""

    floor: int = _setting(15 * 60, "shortest time between two polls of a feed")
    ceiling: int = _setting(24 * 3600, "longest time between two polls of a feed")
    read_newest: int = _setting(50, "newest entries whose pages are fetched when a feed is added")
    concurrency: int = _setting(16, "pages read in parallel")
    workers: int = _setting(0, "extraction processes; 0: one per core, at most 4")
    rules: tuple[str, ...] = _setting(
        (), "folders of site rules (FiveFilters site-config files); the first has precedence"
    )
    learn: bool = _setting(True, "learn sites from their pages, and read their pages by what was learnt")
    page_attempts: int = _setting(8, "attempts before a failing page is given up and the feed's text stays")
    recheck: tuple[str, ...] = _setting(
        ("1h", "6h", "1d", "3d"), "ages of an article at which its page is checked for edits; empty: never"
    )
    web_archives: tuple[str, ...] = _setting(
        (),
        "web archives that are asked for a page that its publisher removed: addresses of TimeMaps (Memento),"
        " to which the page's address is added; empty: none",
    )

    def __post_init__(self) -> None:
        """Raise ConfigError for an invalid duration or address."""
        for address in self.web_archives:
            if not _TIMEMAP.fullmatch(address):
                raise ConfigError(
                    f"[poll] web_archives: {address!r} is no address of a TimeMap. Write the part before the"
                    " page's address, as https://web.archive.org/web/timemap/link/"
                )
        for text in self.recheck:
            try:
                parse_duration(text)
            except ValueError as exc:
                raise ConfigError(f"[poll] recheck: {exc}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """Content that is stored besides texts and raw pages."""

    backups: str | None = _setting(
        None, "folder of the backups that the reader makes; default: backups in the data folder"
    )
    images: str = _setting("starred", "articles whose pictures are stored: starred (and saved), all, or none")

    events: int = _setting(90, "days for which events are kept")

    def __post_init__(self) -> None:
        """Raise ConfigError for an unknown value."""
        if self.events < 1:
            raise ConfigError(f"[archive] events = {self.events} is too short. Choose 1 day or more.")
        if self.images not in IMAGES:
            raise ConfigError(f"[archive] images = {self.images!r} is not one of {', '.join(IMAGES)}.")


_BASE_URL = lazy_regex(
    r"https?://[\w.-]+(?::\d{1,5})?(?:/[\w.~-]+)*/?|https?://\[[0-9A-Fa-f:.]+\](?::\d{1,5})?/?"
)
"""Address of a site, maybe with a plain path: browsers' addresses are compared with it."""


_ISSUER = lazy_regex(
    r"(?:https://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])|http://(?:localhost|127\.0\.0\.1|\[::1\]))"
    r"(?::\d{1,5})?(?:/[\w.~%-]+)*/?",
    re.ASCII,
)
"""Address of an OpenID Connect provider: without a query (OpenID Connect Discovery, 3)."""


def _check_port(name: str, port: int) -> None:
    if not 0 <= port <= 65535:
        raise ConfigError(
            f"{name} = {port} is no port. Choose a number from 1 to 65535, or 0 for a free port."
        )


LOGIN_MODES = ("auto", "always")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """The web reader."""

    address: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8200, "port to listen on, 0 to 65535; 0: a free one")
    allow_hosts: tuple[str, ...] = _setting((), "host names under which the reader answers, besides loopback")
    login: str = _setting(
        "auto", "auto: a login is asked where other machines reach the reader; always: here too"
    )
    allow_open: bool = _setting(False, "no login, on any address: everybody who reaches it is the owner")
    allow_http: bool = _setting(
        False, "allow logins over plain http on other addresses than loopback, in a network that you trust"
    )
    proxies: tuple[str, ...] = _setting(
        (), "addresses or networks of reverse proxies whose X-Forwarded-For and auth_header are believed"
    )
    auth_header: str | None = _setting(None, "header in which such a proxy names the person (Remote-User)")
    auth_create: bool = _setting(True, "make the account of a person whom the proxy names for the first time")
    oidc_issuer: str | None = _setting(
        None, "address of an OpenID Connect provider with which people log in: https://login.example.org"
    )
    oidc_client_id: str | None = _setting(None, "name of the reader at that provider")
    oidc_client_secret: str | None = _setting(None, "secret of the reader at that provider", secret=True)
    oidc_name: str | None = _setting(None, "name of the provider on the button; default: its host")
    oidc_create: bool = _setting(False, "make the account of a person whom the provider names first")
    feed_limit: int = _setting(50, "articles in one full-text feed")
    fever: bool = _setting(
        False, "answer reader apps that speak the Fever API, whose key is as good as a password"
    )
    base_url: str | None = _setting(
        None, "address of the reader in browsers, behind a reverse proxy; may have a path: https://x.org/news"
    )

    def __post_init__(self) -> None:
        """Raise ConfigError for an impossible port, login mode or base URL."""
        _check_port("[serve] port", self.port)
        if self.login not in LOGIN_MODES:
            raise ConfigError(f"[serve] login must be {' or '.join(LOGIN_MODES)}, not {self.login!r}.")
        if self.base_url is not None and not _BASE_URL.fullmatch(self.base_url):
            raise ConfigError(
                f"[serve] base_url = {self.base_url!r} is not an address of a site. "
                "Write it with its scheme, for example https://news.example.org or https://example.org/news."
            )
        self._check_provider()

    def _check_provider(self) -> None:
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ConfigError("[serve] oidc_issuer and oidc_client_id are needed together.")
        if self.oidc_issuer is not None and not _ISSUER.fullmatch(self.oidc_issuer):
            raise ConfigError(
                f"[serve] oidc_issuer = {self.oidc_issuer!r} is not the address of a login provider. It "
                "begins with https:// (http:// on this machine only): https://login.example.org"
            )


_KEY = lazy_regex(r"(?P<name>(?=[\w-]{0,40}[^\W\d])[\w-]{1,40}):(?P<secret>[!-~]{16,200})", re.ASCII)
"""A key of the full-text services: a name that is no number, and a secret."""
_RATE = lazy_regex(r"(\d{1,6})\s*/\s*(second|minute|hour|day)", re.IGNORECASE | re.ASCII)
_RATE_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTextSettings:
    """The full-text services for programs: who may use them besides people who are logged in."""

    keys: tuple[str, ...] = _setting(
        (),
        "keys of programs, each a name and a secret of 16 characters or more: freshrss:SECRET",
        secret=True,
    )
    open_rate: str | None = _setting(
        None,
        "requests that everybody may send without a key, for each client address: 20/minute; unset: none",
    )
    max_items: int = _setting(20, "most items of a feed from makefulltextfeed.php and extract.php, 1 to 100")
    site_config: bool = _setting(
        False, "let requests bring site rules of their own in the parameter siteconfig"
    )
    fresh: str = _setting("1h", "time for which an archived article answers /read without asking its site")

    def __post_init__(self) -> None:
        """Raise ConfigError for a key, rate, number or duration that cannot be used."""
        names = [name for name, _ in self.secrets]
        if len(set(names)) < len(names):
            raise ConfigError("[serve.full_text] keys: two keys have the same name.")
        if self.open_rate is not None and self.rate is None:
            raise ConfigError(
                f"[serve.full_text] open_rate = {self.open_rate!r} is not a rate. "
                "Write a number and a time: 20/minute, 300/hour."
            )
        if not 1 <= self.max_items <= 100:
            raise ConfigError("[serve.full_text] max_items must be 1 to 100.")
        try:
            parse_duration(self.fresh)
        except ValueError as exc:
            raise ConfigError(f"[serve.full_text] fresh: {exc}") from None

    @property
    def secrets(self) -> tuple[tuple[str, str], ...]:
        """Return the names and secrets of the keys. Raises ConfigError, without showing the secret."""
        found = [_KEY.fullmatch(key) for key in self.keys]
        if None in found:
            number = found.index(None) + 1
            raise ConfigError(
                f"[serve.full_text] keys: key {number} is no name and secret. Write name:secret; the name is "
                "not a number, the secret has 16 to 200 characters without spaces."
            )
        return tuple((one["name"], one["secret"]) for one in found if one)

    @property
    def rate(self) -> tuple[int, int] | None:
        """Return `open_rate` as requests and seconds; None without one."""
        found = _RATE.fullmatch((self.open_rate or "").strip())
        return (int(found[1]), _RATE_SECONDS[found[2].lower()]) if found and int(found[1]) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """Workers on PostgreSQL. Durations in seconds."""

    concurrency: int = _setting(8, "buckets of sites that one worker handles in parallel")
    lease: float = _setting(
        120.0, "seconds after which another worker takes over from one that died; equal on all workers"
    )
    address: str = _setting("127.0.0.1", "address of a worker's /metrics and /healthz")
    port: int = _setting(0, "port of a worker's /metrics and /healthz; 0: none")

    def __post_init__(self) -> None:
        """Raise ConfigError for impossible values."""
        if self.concurrency < 1 or self.lease < 2:
            raise ConfigError("[workers] concurrency must be 1 or more, and lease 2 seconds or more.")
        _check_port("[workers] port", self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. database: an SQLAlchemy URL; home: the data folder."""

    home: Path
    database: str
    fetch: FetchSettings = FetchSettings()
    poll: PollSettings = PollSettings()
    serve: ServeSettings = ServeSettings()
    full_text: FullTextSettings = FullTextSettings()
    archive: ArchiveSettings = ArchiveSettings()
    workers: WorkerSettings = WorkerSettings()


SECTIONS: dict[str, type] = {
    "fetch": FetchSettings,
    "poll": PollSettings,
    "serve.full_text": FullTextSettings,
    "serve": ServeSettings,
    "archive": ArchiveSettings,
    "workers": WorkerSettings,
}
"""Section of the settings file -> its record; a section within another stands before that one."""


def load_settings(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings: defaults < TOML file < environment.

    file: the TOML file; default `unabridged.toml` in the platform's configuration folder or in
    UNABRIDGED_HOME. Environment names are UNABRIDGED_DATABASE, UNABRIDGED_HOME, and
    UNABRIDGED_<SECTION>_<NAME> (lists separated by commas). Raises ConfigError, naming the setting.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get("UNABRIDGED_HOME") or platformdirs.user_data_dir("unabridged", appauthor=False))
    table = _read_toml(file, env, home)
    home = Path(table.pop("home", home)).expanduser()
    database = env.get("UNABRIDGED_DATABASE") or table.pop("database", None)
    table.pop("database", None)
    sections = {
        name.rpartition(".")[2]: _section(name, cls, _taken(table, name), env)
        for name, cls in SECTIONS.items()
    }
    if table:
        raise ConfigError(
            f"The settings file has an unknown entry {next(iter(table))!r}. "
            f"Known entries: home, database, {', '.join(f'[{name}]' for name in SECTIONS)}."
        )
    return Settings(home=home, database=database or default_database(home), **sections)


def default_database(home: Path) -> str:
    """Return the database URL of the SQLite file in the data folder."""
    return f"sqlite:///{home / 'unabridged.sqlite'}"


def database_url(text: str) -> str:
    """Return a database URL. text: a URL, or the path of an SQLite file."""
    return text if "://" in text else f"sqlite:///{Path(text).expanduser().absolute()}"


def _read_toml(file: Path | None, env: Mapping[str, str], home: Path) -> dict[str, Any]:
    named = file or (Path(env["UNABRIDGED_CONFIG"]) if env.get("UNABRIDGED_CONFIG") else None)
    config = Path(platformdirs.user_config_dir("unabridged", appauthor=False)) / "unabridged.toml"
    usual = [home / "unabridged.toml"] if env.get("UNABRIDGED_HOME") else [config]
    for path in [named] if named else usual:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            if named:
                raise ConfigError(f"There is no settings file {path}. Check the path.") from None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
            raise ConfigError(f"The settings file {path} cannot be read: {exc}.") from exc
    return {}


def _taken(table: dict[str, Any], name: str) -> Any:
    """Take a section out of the settings file's table: "serve.full_text" out of that of "serve"."""
    outer, _, inner = name.rpartition(".")
    holder = table.get(outer, {}) if outer else table
    return holder.pop(inner, {}) if isinstance(holder, dict) else {}


def _variable(section: str, name: str) -> str:
    """Return the environment variable of a setting."""
    return f"UNABRIDGED_{section.replace('.', '_')}_{name}".upper()


def _section(name: str, cls: type, given: Any, env: Mapping[str, str]) -> Any:
    if not isinstance(given, dict):
        raise ConfigError(f"[{name}] in the settings file must be a table.")
    known = {item.name: item for item in fields(cls)}
    for key in given:
        if key not in known:
            raise ConfigError(f"[{name}] has no setting {key!r}. Known settings: {', '.join(known)}.")
    values = {key: _typed(known[key], f"[{name}] {key}", value) for key, value in given.items()}
    for key, item in known.items():
        variable = _variable(name, key)
        if variable in env:
            values[key] = _typed(item, variable, env[variable])
    return replace(cls(), **values)


_OTHER_VARIABLES = ("UNABRIDGED_HOME", "UNABRIDGED_DATABASE", "UNABRIDGED_CONFIG", "UNABRIDGED_CORPUS")
"""Variables that set no single setting; the last one names the corpora of tests and benchmarks."""


def unknown_variables(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the UNABRIDGED_ variables that are no setting, each with the closest known name or ""."""
    known = [*_OTHER_VARIABLES]
    for name, cls in SECTIONS.items():
        known += [_variable(name, item.name) for item in fields(cls)]
    unknown = sorted(name for name in environ if name.startswith("UNABRIDGED_") and name not in known)
    return [(name, next(iter(get_close_matches(name, known, n=1)), "")) for name in unknown]


def _typed(item: "Field[Any]", where: str, value: Any) -> Any:
    wanted = item.type
    try:
        if get_origin(wanted) is tuple:
            parts = value.split(",") if isinstance(value, str) else value
            return tuple(str(part).strip() for part in parts if str(part).strip())
        if wanted is bool:
            return _boolean(value)
        if type(None) in get_args(wanted):
            return str(value) or None
        assert isinstance(wanted, type)
        return wanted(value)
    except (TypeError, ValueError):
        raise ConfigError(f"{where} = {value!r} is not a {getattr(wanted, '__name__', wanted)}.") from None


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False}
    if str(value).lower() not in words:
        raise ValueError(value)
    return words[str(value).lower()]


def describe_settings() -> list[tuple[str, str, str]]:
    """Return (name, default, meaning) of every setting in a section, for the reference page."""
    rows = []
    for name, cls in SECTIONS.items():
        for item in fields(cls):
            default = "" if item.default is MISSING else repr(item.default)
            rows.append((f"[{name}] {item.name}", default, item.metadata.get("text", "")))
    return rows
