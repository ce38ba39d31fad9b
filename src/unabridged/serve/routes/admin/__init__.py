"""HTTP routes for administrators: state of the archive, backups, checks."""
