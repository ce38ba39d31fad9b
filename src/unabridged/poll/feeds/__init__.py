"""Polling one feed: discovery, schedule, diagnostics, WebSub deliveries."""
