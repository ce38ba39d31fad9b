"""The program's own API, /api/v1: JSON for scripts and agents, described by OpenAPI."""
