"""Subscriptions and feed documents: bytes to Feed, Feed to bytes."""
