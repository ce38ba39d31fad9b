"""Accounts: people, passwords, passkeys, identities, sessions, one-time addresses."""
