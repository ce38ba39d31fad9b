"""One person's state: read and starred flags, tags, API tokens."""
