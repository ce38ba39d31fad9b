"""View models and formatting for the templates."""
