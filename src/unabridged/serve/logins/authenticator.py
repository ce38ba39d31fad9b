"""Options for authenticators, and the verification of their answers (WebAuthn, by the library webauthn).

Imported when a passkey is used: the library takes 0.15 s and belongs to the extra `accounts`.
"""

import hashlib
import hmac
import logging
import secrets

import webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from unabridged.archive.records.accounts import NewPasskey, Passkey
from unabridged.errors import LoginRefused
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.logins.passkey_site import PasskeySite

log = logging.getLogger("unabridged.serve")

MILLISECONDS = 300_000
"""Time that the browser gives a person: as long as a ceremony lives."""

LONGEST_CREDENTIAL_ID = 1023
"""https://www.w3.org/TR/webauthn-3/#credential-id"""

HANDLE_BYTES = 32

REFUSED = later("The answer of this passkey is not valid here. Try again, or log in another way.")

_FAULTS = (
    WebAuthnException,
    InvalidSignature,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)
"""Exceptions that the library and its parsers raise for answers that no authenticator gives."""


def creation_options(
    site: PasskeySite, name: str, handle: bytes, known: tuple[Passkey, ...], challenge: bytes
) -> str:
    """Return the options, as JSON, for a new passkey that can be found without a name.

    name: of the account. handle: see `account_handle`. known: passkeys that the account has.
    """
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="Unabridged",
        user_id=handle,
        user_name=name,
        challenge=challenge,
        timeout=MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    return webauthn.options_to_json(options)


def request_options(site: PasskeySite, challenge: bytes) -> str:
    """Return the options, as JSON, for a login with any passkey of the site."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=MILLISECONDS,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def verify_new(
    site: PasskeySite, answer: str, challenge: bytes, name: str, handle: bytes | None = None
) -> NewPasskey:
    """Return the passkey that an authenticator made. handle: of its options. Raises LoginRefused."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except _FAULTS as exc:
        raise _refusal(exc) from exc
    if len(made.credential_id) > LONGEST_CREDENTIAL_ID:
        raise LoginRefused(gettext(REFUSED))
    return NewPasskey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        handle=handle,
    )


def read_login(answer: str) -> AuthenticationCredential:
    """Read the answer of an authenticator. Raises LoginRefused."""
    try:
        return parse_authentication_credential_json(answer)
    except _FAULTS as exc:
        raise _refusal(exc) from exc


def verify_login(
    site: PasskeySite, answer: AuthenticationCredential, challenge: bytes, known: Passkey
) -> int:
    """Return the count of uses that the authenticator states. Raises LoginRefused.

    The count is compared with that of the archive when it is stored.
    """
    handle = answer.response.user_handle or b""
    if not hmac.compare_digest(handle, known.handle or user_handle(site, known.user)):
        raise LoginRefused(gettext(REFUSED))
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=0,
        )
    except _FAULTS as exc:
        raise _refusal(exc) from exc
    return verified.new_sign_count


def account_handle(site: PasskeySite, user: int | None, known: tuple[Passkey, ...]) -> bytes:
    """Return the handle for a new passkey: that of the account's other ones, else one of its number.

    user: None for an account that is not made yet: its handle is random.
    """
    kept = next((one.handle for one in known if one.handle), None)
    if kept is not None:
        return kept
    return secrets.token_bytes(HANDLE_BYTES) if user is None else user_handle(site, user)


def user_handle(site: PasskeySite, user: int) -> bytes:
    """Return what authenticators keep for an account by its number: no name."""
    return hashlib.sha256(f"unabridged passkey {site.host} {user}".encode()).digest()


def _refusal(exc: Exception) -> LoginRefused:
    log.info("a passkey was refused: %s: %s", type(exc).__name__, exc)
    return LoginRefused(gettext(REFUSED))
