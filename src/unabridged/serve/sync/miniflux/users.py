"""Calls about people, tokens and the program: me, users, api-keys, version, integrations."""

import platform
from typing import Any

from starlette.responses import Response

from unabridged.archive.records.accounts import User
from unabridged.archive.records.items import ItemStream
from unabridged.archive.records.library import Token
from unabridged.errors import NotFound
from unabridged.serve.sync.miniflux.answers import (
    FORBIDDEN,
    NOT_FOUND,
    Refusal,
    json_response,
    moment,
    no_content,
)
from unabridged.serve.sync.miniflux.marks import now_stamp
from unabridged.serve.sync.miniflux.requests import Sent

VERSION = "2.2.6"
"""Version of Miniflux whose answers these are compared with: apps choose by it what they ask."""

IN_THE_READER = (
    "People and their passwords are managed in the reader, after a recent login: an app may not do that."
)

PREFERENCES: dict[str, Any] = {
    "theme": "light_serif",
    "language": "en_US",
    "timezone": "UTC",
    "entry_sorting_direction": "desc",
    "entry_sorting_order": "published_at",
    "stylesheet": "",
    "custom_js": "",
    "external_font_hosts": "",
    "google_id": "",
    "openid_connect_id": "",
    "entries_per_page": 100,
    "keyboard_shortcuts": True,
    "show_reading_time": True,
    "entry_swipe": True,
    "gesture_nav": "tap",
    "last_login_at": None,
    "display_mode": "standalone",
    "default_reading_speed": 265,
    "cjk_reading_speed": 500,
    "default_home_page": "unread",
    "categories_sorting_order": "unread_count",
    "mark_read_on_view": True,
    "mark_read_on_media_player_completion": False,
    "media_playback_rate": 1,
    "block_filter_entry_rules": "",
    "keep_filter_entry_rules": "",
    "always_open_external_links": False,
    "open_external_links_in_new_tab": True,
}
"""Fields of a person that say how Miniflux's own pages look; nothing here follows them."""


def user_object(user: User, sent: Sent) -> dict[str, Any]:
    """Return a person. The request counts as the caller's last login, as in Miniflux."""
    found = {"id": user.id, "username": user.name, "is_admin": user.role == "admin", **PREFERENCES}
    if user.id == sent.user:
        found["last_login_at"] = moment(sent.now)
    return found


def _caller(sent: Sent) -> User:
    return sent.context.archive.accounts.get(sent.user)


def _check_admin(sent: Sent) -> None:
    if _caller(sent).role != "admin":
        raise Refusal(403, FORBIDDEN)


def me(sent: Sent) -> Response:
    return json_response(user_object(_caller(sent), sent))


def users(sent: Sent) -> Response:
    _check_admin(sent)
    return json_response([user_object(one, sent) for one in sent.context.archive.accounts.all()])


def user(sent: Sent) -> Response:
    """Return a person by number or name; for administrators."""
    _check_admin(sent)
    accounts = sent.context.archive.accounts
    number = sent.numbers.get("user")
    found = accounts.find(sent.text) if number is None else accounts.get(number)
    return json_response(user_object(found, sent))


def create_user(sent: Sent) -> Response:
    _check_admin(sent)
    raise Refusal(403, IN_THE_READER)


def update_user(sent: Sent) -> Response:
    """Accept fields that nothing here follows; refuse a new name, role or password."""
    fields, number = sent.fields, sent.numbers["user"]
    if number != sent.user:
        _check_admin(sent)
    found = sent.context.archive.accounts.get(number)
    renamed = fields.text("username") not in (None, found.name)
    promoted = fields.switch("is_admin") not in (None, found.role == "admin")
    if renamed or promoted or fields.text("password"):
        raise Refusal(403, IN_THE_READER)
    return json_response(user_object(found, sent), 201)


def remove_user(sent: Sent) -> Response:
    _check_admin(sent)
    sent.context.archive.accounts.get(sent.numbers["user"])
    if sent.numbers["user"] == sent.user:
        raise Refusal(400, "you cannot remove yourself")
    raise Refusal(403, IN_THE_READER)


def mark_user_read(sent: Sent) -> Response:
    """Mark everything of the caller read."""
    if sent.numbers["user"] != sent.user:
        raise Refusal(403, FORBIDDEN)
    sent.library.items.read_all(ItemStream(stamped=now_stamp(sent)), now=sent.now)
    return no_content()


# Tokens


def _key_object(token: Token, secret: str = "") -> dict[str, Any]:
    """Return a token. secret: known only of one that was just made."""
    return {
        "id": token.id,
        "user_id": token.user,
        "token": secret,
        "description": token.name,
        "last_used_at": None if token.last_used is None else moment(token.last_used),
        "created_at": moment(token.created),
    }


def api_keys(sent: Sent) -> Response:
    return json_response([_key_object(one) for one in sent.library.tokens.all()])


def create_api_key(sent: Sent) -> Response:
    """Make a token that may do what the caller's may."""
    name = (sent.fields.text("description") or "").strip()
    if not name:
        raise Refusal(400, "The API Key description is mandatory.")
    if any(one.name == name for one in sent.library.tokens.all()):
        raise Refusal(400, "This API Key already exists.")
    made = sent.library.tokens.add(name, sent.token.scope, now=sent.now)
    return json_response(_key_object(made.token, made.secret), 201)


def remove_api_key(sent: Sent) -> Response:
    try:
        sent.library.tokens.remove(sent.numbers["key"])
    except NotFound:
        raise Refusal(404, NOT_FOUND) from None
    return no_content()


# The program


ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
"""Names of processors here -> those that Go gives them."""


def version(_sent: Sent) -> Response:
    facts = {
        "version": VERSION,
        "commit": "unabridged",
        "build_date": "",
        "go_version": "",
        "compiler": platform.python_implementation(),
        "arch": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": platform.system().lower(),
    }
    return json_response(facts)


def integrations(_sent: Sent) -> Response:
    return json_response({"has_integrations": False})
