"""Feeds as stored: subscriptions, request settings, WebSub, quarantine."""
