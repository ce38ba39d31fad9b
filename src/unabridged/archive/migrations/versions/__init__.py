"""Migrations: one module per schema version, oldest first."""
