"""Tolerant dates."""
