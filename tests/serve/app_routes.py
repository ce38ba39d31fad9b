"""All routes of the app, and what an archive looks like before and after."""

import hashlib
import sqlite3
from collections.abc import Iterable

from fastapi.routing import APIRoute

from tests.serve.running_app import Desk


def fingerprint(desk: Desk) -> str:
    """A digest of everything in the database."""
    with sqlite3.connect(desk.settings.database.removeprefix("sqlite:///")) as database:
        return hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()


POSTS = (
    # but those of the API: tests/serve/api/
    "/a/1/read",
    "/a/1/star",
    "/a/1/fetch",
    "/a/1/position",
    "/a/1/tag",
    "/a/1/untag",
    "/a/1/delete",
    "/a/1/v/1/share",
    "/shares/1/remove",
    "/a/1/v/1/highlight",
    "/highlights/1/note",
    "/highlights/1/remove",
    "/rules",
    "/rules/1",
    "/rules/1/remove",
    "/searches",
    "/searches/1",
    "/searches/1/remove",
    "/a/1/read-beside",
    "/read-some",
    "/read-all",
    "/read-all/undo",
    "/refresh",
    "/settings",
    "/settings/order",
    "/add",
    "/sources.opml",
    "/sources/edit",
    "/sources/restore",
    "/feeds/1/rename",
    "/feeds/1/reading",
    "/feeds/1/merge",
    "/feeds/1/rules",
    "/feeds/1/rules/preview",
    "/feeds/1/site",
    "/feeds/1/site/preview",
    "/feeds/1/reextract",
    "/reextractions/1/undo",
    "/feeds/1/remove",
    "/feeds/1/status",
    "/feeds/1/move",
    "/feeds/1/settings",
    "/feeds/1/retention",
    "/feeds/1/requests",
    "/feeds/1/list",
    "/feeds/1/poll",
    "/health/retry",
    "/feed-address",
    "/hub",
    "/save",
    "/",
    "/extract.php",
    "/parser",
    "/parse-html",
    "/accounts/ClientLogin",
    "/reader/api/0/1",
    "/fever/",
    "/v1/1",
    "/mcp",
    "/login",
    "/login/passkey/options",
    "/login/passkey",
    "/login/provider",
    "/logout",
    "/invitation/1",
    "/invitation/1/passkey/options",
    "/invitation/1/passkey",
    "/invitation/1/provider",
    "/account/password",
    "/account/devices/1/end",
    "/account/devices/end-others",
    "/account/passkeys/options",
    "/account/passkeys",
    "/account/passkeys/1/name",
    "/account/passkeys/1/remove",
    "/account/identities",
    "/account/identities/1/remove",
    "/account/tokens",
    "/account/tokens/1/remove",
    "/admin/backup",
    "/admin/check",
    "/admin/backups/1/remove",
    "/users/invite",
    "/users/1/password",
    "/users/1/role",
    "/users/1/remove",
)


def walk(routes: Iterable[object]) -> list[APIRoute]:
    """Every route of the app, those of its routers too."""
    found: list[APIRoute] = []
    for route in routes:
        if isinstance(route, APIRoute):
            found.append(route)
        found += walk(getattr(getattr(route, "original_router", None), "routes", []))
    return found
