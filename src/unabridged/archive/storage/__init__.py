"""Database engine, tables, compressed columns and identity hashes."""
