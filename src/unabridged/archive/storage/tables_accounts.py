"""Tables of accounts: sessions, passkeys, identities elsewhere, one-time addresses, failed logins."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table, Text, UniqueConstraint

from unabridged.archive.storage.tables import ROW_ID, Instant, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("agent", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("last_used", Instant, nullable=False),
    sqlite_autoincrement=True,
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), index=True),
    Column("expires", Instant, nullable=False),
    sqlite_autoincrement=True,
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Instant, nullable=False, index=True),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("handle", LargeBinary),
    Column("name", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("last_used", Instant),
    sqlite_autoincrement=True,
)

identities = Table(
    "identities",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("user_id", ROW_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    UniqueConstraint("issuer", "subject"),
    sqlite_autoincrement=True,
)
