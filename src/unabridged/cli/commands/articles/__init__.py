"""Commands on articles and pages."""
