"""The class Archive and its parts."""
