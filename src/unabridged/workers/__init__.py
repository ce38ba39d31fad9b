"""Worker processes that share one PostgreSQL archive through a job queue."""
