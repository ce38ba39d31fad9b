"""Consoles, arguments, progress and tables shared by commands."""
