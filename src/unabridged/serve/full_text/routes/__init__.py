"""HTTP routes of the full-text services for programs."""
