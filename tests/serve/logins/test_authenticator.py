"""Answers of authenticators: the right one is taken, every other one is refused in words."""

import json
import random
from dataclasses import replace

import pytest

from tests.serve.logins.software_authenticator import SoftwareAuthenticator
from tests.serve.running_app import NOW
from unabridged.archive.records.accounts import Passkey, User
from unabridged.errors import LoginRefused
from unabridged.serve.logins.authenticator import (
    account_handle,
    creation_options,
    read_login,
    request_options,
    user_handle,
    verify_login,
    verify_new,
)
from unabridged.serve.logins.passkey_site import PasskeySite

SITE = PasskeySite(host="localhost", origin="http://localhost")
ADA = User(id=7, name="Ada", role="reader", created=NOW)
CHALLENGE = b"c" * 32
HANDLE = user_handle(SITE, ADA.id)


def made(authenticator: SoftwareAuthenticator) -> Passkey:
    """The passkey of an authenticator, as the archive keeps it."""
    options = json.loads(creation_options(SITE, ADA.name, HANDLE, (), CHALLENGE))
    new = verify_new(SITE, authenticator.create(options), CHALLENGE, "Phone")
    return Passkey(
        id=1,
        user=ADA.id,
        name=new.name,
        credential_id=new.credential_id,
        public_key=new.public_key,
        created=NOW,
        last_used=None,
    )


def answer(authenticator: SoftwareAuthenticator, known: Passkey, **changed: object) -> int:
    """The count of a login with a passkey."""
    text = authenticator.get(json.loads(request_options(SITE, CHALLENGE)), **changed)  # type: ignore[arg-type]
    return verify_login(SITE, read_login(text), CHALLENGE, known)


def test_options_ask_for_a_passkey_that_is_found_without_a_name() -> None:
    known = made(SoftwareAuthenticator())
    options = json.loads(creation_options(SITE, ADA.name, HANDLE, (known,), CHALLENGE))
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert options["rp"]["id"] == "localhost" and len(options["excludeCredentials"]) == 1
    assert "Ada" not in options["user"]["id"]
    login = json.loads(request_options(SITE, CHALLENGE))
    assert not login.get("allowCredentials"), "no account can be asked about"


def test_a_passkey_answers_with_its_count() -> None:
    authenticator = SoftwareAuthenticator(count=4)
    known = made(authenticator)
    authenticator.count = 5
    assert answer(authenticator, known) == 5


def test_an_account_that_was_made_with_a_passkey_keeps_its_handle() -> None:
    handle = account_handle(SITE, None, ())
    assert len(handle) == 32 and handle != account_handle(SITE, None, ())
    authenticator = SoftwareAuthenticator()
    options = json.loads(creation_options(SITE, "Ada", handle, (), CHALLENGE))
    new = verify_new(SITE, authenticator.create(options), CHALLENGE, "", handle)
    known = replace(made(SoftwareAuthenticator()), public_key=new.public_key, handle=new.handle)
    assert answer(authenticator, known) == 0
    assert account_handle(SITE, ADA.id, (known,)) == handle
    assert account_handle(SITE, ADA.id, ()) == HANDLE
    with pytest.raises(LoginRefused):
        answer(replace(authenticator, handle=HANDLE), known)


def test_an_answer_for_another_site_person_key_or_purpose_is_refused() -> None:
    authenticator = SoftwareAuthenticator()
    known = made(authenticator)
    for wrong in (
        replace(authenticator, origin="https://evil.example"),
        replace(authenticator, origin="http://localhost.evil.example"),
        replace(authenticator, host="evil.example"),
        replace(authenticator, handle=user_handle(SITE, 8)),
        replace(authenticator, handle=b""),
        replace(authenticator, key=SoftwareAuthenticator().key),
    ):
        with pytest.raises(LoginRefused):
            answer(wrong, known)
    with pytest.raises(LoginRefused):
        answer(authenticator, known, kind="webauthn.create")
    text = authenticator.get({"challenge": "b3RoZXI"})
    with pytest.raises(LoginRefused):
        verify_login(SITE, read_login(text), CHALLENGE, known)
    assert answer(authenticator, known) == 0


def test_a_new_passkey_of_another_origin_or_challenge_is_refused() -> None:
    options = json.loads(creation_options(SITE, ADA.name, HANDLE, (), CHALLENGE))
    for wrong in (SoftwareAuthenticator(origin="https://evil.example"), SoftwareAuthenticator(host="x")):
        with pytest.raises(LoginRefused):
            verify_new(SITE, wrong.create(options), CHALLENGE, "")
    with pytest.raises(LoginRefused):
        verify_new(SITE, SoftwareAuthenticator().create(options), b"other", "")
    with pytest.raises(LoginRefused):
        verify_new(SITE, SoftwareAuthenticator(credential_id=bytes(1024)).create(options), CHALLENGE, "")


def spoilt(text: str, dice: random.Random) -> str:
    """An answer with some signs changed, cut or doubled, or with another JSON inside."""
    value = json.loads(text)
    name = dice.choice(list(value["response"]))
    part = value["response"][name]
    place = dice.randrange(len(part) + 1)
    ways: tuple[object, ...] = (
        part[:place],
        part[:place] + dice.choice("AZ_-é=") + part[place + 1 :],
        part + part,
        None,
        [],
        "W10",  # []
        "e30",  # {}
        "W" * 4000,
    )
    value["response"][name] = dice.choice(ways)
    if dice.random() < 0.2:
        value[dice.choice(list(value))] = dice.choice([None, 1, "", [], {"a": 1}])
    return json.dumps(value)


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "[" * 16000, '{"id": 1}', '{"id":"é","rawId":"é"}'])
def test_no_json_is_refused_in_words(text: str) -> None:
    with pytest.raises(LoginRefused):
        read_login(text)
    with pytest.raises(LoginRefused):
        verify_new(SITE, text, CHALLENGE, "")


def test_spoilt_answers_are_refused_in_words() -> None:
    dice = random.Random(17)
    authenticator = SoftwareAuthenticator()
    known = made(authenticator)
    new = authenticator.create(json.loads(creation_options(SITE, ADA.name, HANDLE, (), CHALLENGE)))
    login = authenticator.get(json.loads(request_options(SITE, CHALLENGE)))
    refused = 0
    for _ in range(400):
        try:
            verify_login(SITE, read_login(spoilt(login, dice)), CHALLENGE, known)
        except LoginRefused:
            refused += 1
        try:
            verify_new(SITE, spoilt(new, dice), CHALLENGE, "")
        except LoginRefused:
            refused += 1
    assert refused > 600
