"""Settings: defaults, file, environment, and clear refusals."""

from pathlib import Path

import pytest

from unabridged.config import database_url, describe_settings, load_settings
from unabridged.errors import ConfigError


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_keep_the_database_in_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings({"UNABRIDGED_HOME": str(tmp_path)})
    assert settings.database == f"sqlite:///{tmp_path / 'unabridged.sqlite'}"
    assert settings.fetch.timeout == 20.0


def test_the_environment_beats_the_file_and_the_file_the_default(tmp_path: Path) -> None:
    file = write(tmp_path / "u.toml", "[fetch]\ntimeout = 5\nmax_redirects = 2\nallow_private = ['nas']\n")
    environ = {"UNABRIDGED_HOME": str(tmp_path), "UNABRIDGED_FETCH_TIMEOUT": "7.5"}
    fetch = load_settings(environ, file).fetch
    assert (fetch.timeout, fetch.max_redirects, fetch.allow_private) == (7.5, 2, ("nas",))


def test_lists_and_switches_are_read_from_the_environment(tmp_path: Path) -> None:
    environ = {
        "UNABRIDGED_HOME": str(tmp_path),
        "UNABRIDGED_FETCH_ALLOW_PRIVATE": "127.0.0.0/8, nas:80",
        "UNABRIDGED_SERVE_ALLOW_OPEN": "yes",
    }
    settings = load_settings(environ)
    assert settings.fetch.allow_private == ("127.0.0.0/8", "nas:80")
    assert settings.serve.allow_open is True


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[fetch]\ntimeout = 'soon'\n", "timeout"),
        ("[fetch]\ntimeuot = 1\n", "timeuot"),
        ("colour = 'red'\n", "colour"),
        ("fetch = 1\n", "fetch"),
        ("[fetch\n", "cannot be read"),
        ("[serve]\nallow_open = 'perhaps'\n", "allow_open"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        load_settings({"UNABRIDGED_HOME": str(tmp_path)}, write(tmp_path / "u.toml", text))


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no settings file"):
        load_settings({"UNABRIDGED_HOME": str(tmp_path)}, tmp_path / "none.toml")


def test_a_path_is_a_database_too(tmp_path: Path) -> None:
    assert database_url("postgresql://localhost/x") == "postgresql://localhost/x"
    assert database_url(str(tmp_path / "a.sqlite")) == f"sqlite:///{tmp_path / 'a.sqlite'}"


def test_every_setting_says_what_it_means() -> None:
    assert all(text for _, _, text in describe_settings())


@pytest.mark.parametrize(
    ("issuer", "good"),
    [
        ("https://login.example.org", True),
        ("https://login.example.org:8443/realms/home/", True),
        ("http://localhost:9000", True),
        ("http://[::1]:9000/x", True),
        ("http://login.example.org", False),
        ("http://localhost.evil.example", False),
        ("https://ada:pw@login.example.org", False),
        ("https://login.example.org/?x=1", False),
        ("login.example.org", False),
        ("https://bücher.example", False),
    ],
)
def test_a_login_provider_is_asked_over_https_or_on_this_machine(issuer: str, good: bool) -> None:
    environ = {"UNABRIDGED_SERVE_OIDC_ISSUER": issuer, "UNABRIDGED_SERVE_OIDC_CLIENT_ID": "reader"}
    if good:
        assert load_settings(environ).serve.oidc_issuer == issuer
    else:
        with pytest.raises(ConfigError, match="oidc_issuer"):
            load_settings(environ)


def test_a_login_provider_needs_a_client_and_its_secret_is_never_shown() -> None:
    environ = {"UNABRIDGED_SERVE_OIDC_ISSUER": "https://login.example.org"}
    with pytest.raises(ConfigError, match="together"):
        load_settings(environ)
    environ |= {"UNABRIDGED_SERVE_OIDC_CLIENT_ID": "reader", "UNABRIDGED_SERVE_OIDC_CLIENT_SECRET": "hush-1"}
    settings = load_settings(environ)
    assert settings.serve.oidc_client_secret == "hush-1"
    assert "hush-1" not in repr(settings) and "reader" in repr(settings)
