"""Logins without a password: passkeys, and a provider of OpenID Connect."""
