"""Enclosures and the positions in them."""

from tests.serve.sync.miniflux.conftest import Api
from unabridged.serve.views.playback import media_key


def test_a_position_of_an_app_is_that_of_the_reader(api: Api) -> None:
    [file] = api.get("entries/1")["enclosures"]
    path = f"enclosures/{file['id']}"
    assert api.get(path) == file
    assert api.send("PUT", path, {"media_progression": 42}).status_code == 204
    assert api.get(path)["media_progression"] == 42
    assert api.get("entries/1")["enclosures"][0]["media_progression"] == 42
    [stored] = api.library.items.articles([1])
    [position] = api.library.positions.of_article(stored.id)
    assert (position.media, position.seconds) == (media_key(file["url"]), 42)
    api.send("PUT", path, {})
    assert api.get(path)["media_progression"] == 0


def test_wrong_positions_and_numbers_are_refused(api: Api) -> None:
    path = f"enclosures/{api.get('entries/1')['enclosures'][0]['id']}"
    assert api.refused(400, "PUT", path, {"media_progression": -1})
    assert api.refused(400, "PUT", path, {"media_progression": 10**9})
    assert api.refused(400, "PUT", path, {"media_progression": "x"})
    for number in (1, 1000, 1002, 99001, 10**17):
        assert api.refused(404, "GET", f"enclosures/{number}") == "resource not found"
        assert api.refused(404, "PUT", f"enclosures/{number}", {"media_progression": 1})
