"""Full-text services for programs: the addresses of FiveFilters, Mercury and Readability, and Markdown."""
