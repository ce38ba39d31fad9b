"""Formulas, however a page builds them."""
