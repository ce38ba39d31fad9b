"""Many workers on one PostgreSQL: jobs for an engine, and the process that does them."""
