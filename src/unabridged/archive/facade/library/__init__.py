"""The class Library and its parts."""
