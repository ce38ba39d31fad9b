"""Accounts: people, passwords, sessions, one-time addresses."""
