"""Rate of requests without a key, for each client address: a token bucket."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field

MAX_CLIENTS = 20_000
"""Client addresses that are remembered; the one that was heard longest ago is forgotten first."""


@dataclass(slots=True)
class OpenRate:
    """Bucket of each client: `requests` at once, refilled evenly within `seconds`."""

    requests: int
    seconds: int
    buckets: "OrderedDict[str, tuple[float, float]]" = field(default_factory=OrderedDict)

    def take(self, client: str, at: float) -> float:
        """Count a request. Return 0, or the seconds to wait if the client has none left. at: seconds."""
        key = network_of(client)
        left, since = self.buckets.get(key, (float(self.requests), at))
        left = min(float(self.requests), left + max(0.0, at - since) * self.requests / self.seconds)
        wait = 0.0 if left >= 1 else (1 - left) * self.seconds / self.requests
        self.buckets[key] = (left if wait else left - 1, at)
        self.buckets.move_to_end(key)
        while len(self.buckets) > MAX_CLIENTS:
            self.buckets.popitem(last=False)
        return wait


def network_of(client: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return client
