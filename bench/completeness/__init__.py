"""Verdicts on completeness, measured on a labelled set: real pages, cuts of them, and pages that we made."""
