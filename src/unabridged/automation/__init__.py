"""Actions after events: readers of the log of events."""
