"""Readers of the log of events: followers, and the sender of webhooks."""
