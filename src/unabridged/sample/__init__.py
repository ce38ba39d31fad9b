"""A publisher of our own, for demonstrations and tests: it needs nothing but loopback."""
