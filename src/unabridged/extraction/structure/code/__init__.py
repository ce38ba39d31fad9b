"""Blocks of code, however a page builds them."""
