"""Near-duplicates: recall, precision and cost on variants of true article texts."""
