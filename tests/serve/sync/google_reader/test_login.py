"""ClientLogin: three lines or JSON for a name with a token; back-off after failures; the token for forms."""

from tests.serve.running_app import NOW
from tests.serve.sync.conftest import API, App

PATHS = ("/accounts/ClientLogin", "/api/greader.php/accounts/ClientLogin")


def login(app: App, path: str = PATHS[0], **form: str) -> tuple[int, str]:
    answer = app.client.post(path, data={"Email": app.name, "Passwd": app.secret} | form)
    return answer.status_code, answer.text


def test_a_name_and_a_token_give_three_lines_at_both_mount_points(app: App) -> None:
    ignored = {"service": "reader", "source": "x", "accountType": "GOOGLE", "continue": "y", "client": "z"}
    for path in PATHS:
        assert login(app, path, **ignored) == (200, f"SID={app.auth}\nLSID={app.auth}\nAuth={app.auth}\n")
        answer = app.client.get(path, params={"Email": "OWNER", "Passwd": app.secret})
        assert answer.text.splitlines()[2] == f"Auth={app.auth}"
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["cache-control"] == "no-store"


def test_json_is_possible(app: App) -> None:
    answer = app.client.post(PATHS[0], data={"Email": app.name, "Passwd": app.secret, "output": "json"})
    assert answer.json() == {"SID": app.auth, "LSID": app.auth, "Auth": app.auth}
    refused = app.client.post(PATHS[0], data={"Email": app.name, "Passwd": "x", "output": "json"})
    assert refused.status_code == 401
    assert "app password" in refused.json()["error_message"]


def test_a_form_of_parts_is_read_as_readrops_sends_it(app: App) -> None:
    parts = {"Email": (None, app.name), "Passwd": (None, app.secret)}
    for path in PATHS:
        assert f"Auth={app.auth}\n" in app.client.post(path, files=parts).text
    form = {"T": (None, app.auth), "a": (None, "user/-/state/com.google/read"), "i": (None, "5")}
    assert app.client.post(f"{API}/edit-tag", files=form).text == "OK"
    assert app.marks()[5] == (True, False)


def test_broken_parts_and_files_are_refused(app: App) -> None:
    for kind, body in (
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="i"; filename="f"\r\n\r\n1\r\n--x--',
        ),
    ):
        headers = app.headers | {"Content-Type": kind}
        answer = app.client.post(f"{API}/edit-tag", content=body, headers=headers)
        assert answer.status_code == 400, body
        assert app.client.post(PATHS[0], content=body, headers={"Content-Type": kind}).status_code == 400


def test_the_password_of_the_account_logs_no_app_in(app: App) -> None:
    app.desk.archive.accounts.set_password(1, "a long password")
    status, text = login(app, Passwd="a long password")
    assert status == 401
    assert text.startswith("Error=BadAuthentication\n")
    assert "unabridged token add" in text


def test_wrong_passwords_are_refused_with_the_header_that_apps_know(app: App) -> None:
    answer = app.client.post(PATHS[1], data={"Email": "nobody", "Passwd": "x"})
    assert answer.status_code == 401
    assert answer.headers["google-bad-token"] == "true"


def test_a_token_of_one_person_is_no_password_of_another(app: App) -> None:
    app.desk.archive.accounts.add("Bo", now=NOW)
    assert login(app, Email="Bo")[0] == 401


def test_after_five_failures_an_account_waits_and_people_do_not(app: App) -> None:
    accounts = app.desk.archive.accounts
    for _ in range(5):
        assert login(app, Passwd="wrong")[0] == 401
    answer = app.client.post(PATHS[0], data={"Email": app.name, "Passwd": app.secret})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert "Too many failed logins" in answer.text
    accounts.check_address("127.0.0.1", now=NOW)  # the login of people is not kept waiting
    assert app.get("user-info").status_code == 200  # nor an app that is logged in


def test_a_revoked_token_ends_the_requests_of_its_app(app: App) -> None:
    tokens = app.desk.archive.library().tokens
    assert app.get("user-info").status_code == 200
    tokens.remove(tokens.all()[0].id)
    answer = app.get("user-info")
    assert answer.status_code == 401
    assert answer.headers["x-reader-google-bad-token"] == "true"
    assert login(app)[0] == 401


def test_the_token_for_forms_is_one_line_and_stands_for_the_header(app: App) -> None:
    answer = app.get("token")
    assert answer.text == f"{app.auth}\n"
    form = {"i": "1", "a": "user/-/state/com.google/read", "T": answer.text.strip()}
    assert app.client.post(f"{API}/edit-tag", data=form).text == "OK"
    assert app.marks()[1] == (True, False)
    assert app.client.get(f"{API}/user-info", params={"T": app.auth}).status_code == 401


def test_a_wrong_t_is_refused_and_an_empty_one_or_x_is_not(app: App) -> None:
    read = {"i": "1", "a": "user/-/state/com.google/read"}
    for action in ("", "x", app.auth):
        assert app.post("edit-tag", **read, T=action).text == "OK", action
    for action in ("wrong", "owner/wrong", "0" * 57):
        answer = app.post("edit-tag", **read, T=action)
        assert answer.status_code == 401, action
        assert answer.headers["x-reader-google-bad-token"] == "true"
    assert app.client.post(f"{API}/edit-tag", data={**read, "T": "x"}).status_code == 401


def test_a_name_of_any_letters_makes_a_token_with_one_slash(app: App) -> None:
    bo = app.desk.archive.accounts.add("Bo / Müller =", now=NOW)
    secret = app.desk.archive.library(bo.id).tokens.add("phone", now=NOW).secret
    answer = app.client.post(PATHS[0], data={"Email": bo.name, "Passwd": secret})
    token = answer.text.splitlines()[2].removeprefix("Auth=")
    assert token.count("/") == 1
    assert "=" not in token and token.isascii() and " " not in token
    found = app.client.get(f"{API}/user-info", headers={"Authorization": f"GoogleLogin auth={token}"})
    assert found.json()["userName"] == bo.name
