"""Site rules (FiveFilters site-config): record, parser, application."""
