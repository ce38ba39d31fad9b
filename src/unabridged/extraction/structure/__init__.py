"""Structures that publishers build in many ways, rewritten into one form each."""
