"""Who may be connected to, as one client's resolver and sockets share it."""

import errno

from unabridged.fetch.ip_ranges import Address
from unabridged.fetch.ssrf_guard import Allowance, check_addresses, check_connection, connection_target


class AddressRefused(OSError):
    """The guard's no at the socket; an OSError so that the connector cleans up after itself."""


class Doorman:
    """The state both guards share: what is allowed, our own addresses, and what names were granted."""

    def __init__(self, allow: Allowance, own: frozenset[Address]) -> None:
        self.allow = allow
        self.own = own
        self._granted: set[tuple[str, int]] = set()

    def check_answer(self, host: str, port: int, addresses: list[str]) -> None:
        """Judge a resolver's whole answer; raises FetchRefused."""
        target = connection_target(host, port, self.allow)
        check_addresses(target, addresses, self.allow, self.own)
        if target.trusted:
            self._granted.update((address, port) for address in addresses)

    def grant(self, host: str, port: int) -> None:
        """Let one literal address through that the settings name."""
        self._granted.add((host, port))

    def check_dial(self, address: str, port: int) -> None:
        """Judge the one address that is about to be connected to; raises AddressRefused."""
        if (address, port) in self._granted:
            return
        why = check_connection(address, self.allow, self.own)
        if why is not None:
            raise AddressRefused(errno.EACCES, f"not connected to {why}")
