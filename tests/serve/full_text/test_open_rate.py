"""The rate of requests without a key."""

from unabridged.serve.full_text import open_rate
from unabridged.serve.full_text.open_rate import OpenRate, network_of


def test_a_client_has_its_requests_at_once_and_gets_them_back_evenly() -> None:
    rate = OpenRate(3, 60)
    assert [rate.take("192.0.2.1", 0.0) for _ in range(4)] == [0, 0, 0, 20]
    assert rate.take("192.0.2.2", 0.0) == 0, "another client"
    assert rate.take("192.0.2.1", 10.0) == 10
    assert rate.take("192.0.2.1", 20.5) == 0
    assert rate.take("192.0.2.1", 20.5) > 0


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    rate = OpenRate(1, 60)
    assert rate.take("192.0.2.1", 1000.0) == 0
    assert rate.take("192.0.2.1", 0.0) == 60


def test_addresses_of_one_network_are_one_client() -> None:
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert network_of("testclient") == "testclient"


def test_memory_is_bounded() -> None:
    rate = OpenRate(1, 60)
    for number in range(open_rate.MAX_CLIENTS + 10):
        rate.take(f"client {number}", 0.0)
    assert len(rate.buckets) == open_rate.MAX_CLIENTS
