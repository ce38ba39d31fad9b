"""One person's state: read and starred flags, tags, API tokens; what changed in their articles."""
