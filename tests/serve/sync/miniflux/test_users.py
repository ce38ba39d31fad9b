"""People and tokens, as an app may see and change them."""

from tests.serve.running_app import NOW
from tests.serve.sync.conftest import App
from tests.serve.sync.miniflux.conftest import Api


def test_a_person_has_every_key_of_miniflux(api: Api) -> None:
    me = api.get("me")
    assert (me["id"], me["username"], me["is_admin"], me["entries_per_page"]) == (1, "owner", True, 100)
    assert len(me) == 31
    assert me["last_login_at"] is not None
    assert api.get("users") == [me]
    assert api.get("users/1") == api.get("users/owner") == me
    for name in ("77", "nobody"):
        assert api.refused(404, "GET", f"users/{name}") == "resource not found"


def test_only_administrators_see_others(api: Api) -> None:
    bo = api.app.desk.archive.accounts.add("Bo", now=NOW)
    secret = api.app.desk.archive.library(bo.id).tokens.add("x", now=NOW).secret
    other = Api(App(api.app.client, api.app.desk, secret, "Bo"))
    assert other.get("me")["username"] == "Bo"
    for path in ("users", "users/1", "users/2", "users/Bo"):
        assert other.refused(403, "GET", path) == "access forbidden"
    assert other.refused(403, "PUT", "users/1", {}) == "access forbidden"
    assert other.send("PUT", "users/2", {"theme": "dark_serif"}).status_code == 201
    assert [one["last_login_at"] for one in api.get("users")][1] is None


def test_no_app_manages_people(api: Api) -> None:
    bo = api.app.desk.archive.accounts.add("Bo", now=NOW)
    before = api.app.desk.archive.accounts.all()
    cases = [
        ("POST", "users", {"username": "cy", "password": "long enough, it is", "is_admin": True}),
        ("PUT", f"users/{bo.id}", {"is_admin": True}),
        ("PUT", "users/1", {"password": "long enough, it is"}),
        ("PUT", "users/1", {"username": "other"}),
        ("DELETE", f"users/{bo.id}", None),
    ]
    for method, path, body in cases:
        assert "in the reader" in api.refused(403, method, path, body)
    assert api.refused(400, "DELETE", "users/1") == "you cannot remove yourself"
    assert api.refused(404, "DELETE", "users/9")
    assert api.refused(404, "PUT", "users/9", {})
    assert api.app.desk.archive.accounts.all() == before


def test_a_token_is_made_used_and_revoked(api: Api) -> None:
    made = api.send("POST", "api-keys", {"description": "tablet"})
    assert made.status_code == 201
    key = made.json()
    assert (key["description"], key["user_id"], key["last_used_at"]) == ("tablet", 1, None)
    tablet = Api(App(api.app.client, api.app.desk, key["token"]))
    assert tablet.get("me")["id"] == 1
    listed = tablet.get("api-keys")
    assert [(one["description"], one["token"]) for one in listed] == [("phone", ""), ("tablet", "")]
    assert api.send("DELETE", f"api-keys/{key['id']}").status_code == 204
    assert tablet.send("GET", "me").status_code == 401
    assert api.refused(404, "DELETE", f"api-keys/{key['id']}")
    for body in ({}, {"description": " "}, {"description": "phone"}, {"description": "x" * 101}):
        assert api.refused(400, "POST", "api-keys", body)


def test_the_version_is_that_of_the_miniflux_beside_which_it_is_tested(api: Api) -> None:
    found = api.get("version")
    assert list(found) == ["version", "commit", "build_date", "go_version", "compiler", "arch", "os"]
    assert found["version"] == "2.2.6"
