"""Form of webhooks: signatures, bodies, pauses. Pure."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from unabridged.archive.records.events import Event
from unabridged.automation import webhooks
from unabridged.serve.api.views.events import event

NOW = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
EDIT = Event(
    number=7,
    kind="article.changed",
    at=NOW,
    feed=1,
    article=12,
    before=1,
    after=2,
    details={"reason": "changed"},
    title="Storm",
    url="https://news.example/storm",
)


def test_a_signature_is_that_of_the_specification() -> None:
    # the example of https://www.standardwebhooks.com, also in the tests of its libraries
    sent = webhooks.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        datetime.fromtimestamp(1614265330, UTC),
    )
    assert sent["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert sent["webhook-timestamp"] == "1614265330"
    assert sent["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_secret_makes_a_signature() -> None:
    secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA"]
    signed = webhooks.headers("msg_1_2", b"{}", secrets, NOW)["webhook-signature"].split()
    assert len(set(signed)) == 2 and all(one.startswith("v1,") for one in signed)


def test_the_body_of_an_edit_has_the_address_of_the_diff_and_nothing_of_the_text() -> None:
    assert orjson.loads(webhooks.body(EDIT, "https://reader.example/news/")) == {
        "number": 7,
        "kind": "article.changed",
        "at": "2024-05-06T09:00:00Z",
        "feed": 1,
        "article": 12,
        "before": 1,
        "after": 2,
        "details": {"reason": "changed"},
        "title": "Storm",
        "url": "https://news.example/storm",
        "diff": "https://reader.example/news/a/12/diff/1..2",
    }
    assert orjson.loads(webhooks.body(EDIT, None))["diff"] == "/a/12/diff/1..2"


def test_the_body_is_what_the_api_gives_and_the_diff() -> None:
    told = orjson.loads(webhooks.body(EDIT, None))
    del told["diff"]
    assert told == orjson.loads(event(EDIT).model_dump_json())


def test_pauses_double_up_to_a_bound_and_differ() -> None:
    pauses = [webhooks.pause_after(attempts, 0.5) for attempts in range(40)]
    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert pauses == sorted(pauses) and pauses[-1] == timedelta(hours=6)
    assert webhooks.pause_after(0, 0.0) < webhooks.pause_after(0, 0.99)


@pytest.mark.parametrize(
    ("wish", "pause"), [(1.0, 5), (600.0, 600), (1e12, 24 * 3600)], ids=["shorter", "longer", "absurd"]
)
def test_a_wish_of_the_receiver_is_followed_within_a_day(wish: float, pause: float) -> None:
    assert webhooks.pause_after(0, 0.5, wish) == timedelta(seconds=pause)


def test_an_event_is_given_up_when_both_it_and_the_failures_are_three_days_old() -> None:
    later = NOW + timedelta(days=3)
    assert webhooks.is_given_up(EDIT, NOW, later)
    assert not webhooks.is_given_up(EDIT, None, later)
    assert not webhooks.is_given_up(EDIT, NOW + timedelta(seconds=1), later)
    assert not webhooks.is_given_up(EDIT, NOW, later - timedelta(seconds=1))
