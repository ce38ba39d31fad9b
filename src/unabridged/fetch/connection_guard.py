"""Connection guard shared by a client's resolver and its sockets."""

import errno

from unabridged.fetch.ip_ranges import Address
from unabridged.fetch.ssrf_guard import Allowance, check_addresses, check_connection, connection_target


class AddressRefused(OSError):
    """Refusal at the socket; an OSError, so that the connector cleans up."""


class ConnectionGuard:
    """Allowed addresses, our own addresses, and the addresses granted to allowed names."""

    def __init__(self, allow: Allowance, own: frozenset[Address]) -> None:
        self.allow = allow
        self.own = own
        self._granted: set[tuple[str, int]] = set()

    def check_answer(self, host: str, port: int, addresses: list[str]) -> None:
        """Check all addresses of a resolver's answer. Raises FetchRefused."""
        target = connection_target(host, port, self.allow)
        check_addresses(target, addresses, self.allow, self.own)
        if target.trusted:
            self._granted.update((address, port) for address in addresses)

    def grant(self, host: str, port: int) -> None:
        """Allow a literal address that the settings name."""
        self._granted.add((host, port))

    def check_connect(self, address: str, port: int) -> None:
        """Check the address of a connection before it is made. Raises AddressRefused."""
        if (address, port) in self._granted:
            return
        why = check_connection(address, self.allow, self.own)
        if why is not None:
            raise AddressRefused(errno.EACCES, f"not connected to {why}")
