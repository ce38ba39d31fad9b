"""A day with the library freshrss-api, which speaks Fever: sync, read one item, save one. Prints JSON.

Arguments: address, name, password, and "mark" or "".
"""

import json
import sys
from dataclasses import asdict

from freshrss_api import FreshRSSAPI  # type: ignore[import-not-found]  # installed by the test

address, name, password, mark = sys.argv[1:5]
client = FreshRSSAPI(host=address, username=name, password=password)
unread = client.get_unreads()
if mark:
    client.set_mark("read", unread[0].id)
    client.set_mark("saved", unread[1].id)
    client.set_mark("saved", unread[2].id)
    client.set_mark("unsaved", unread[2].id)
items = client.get_items_from_ids([one.id for one in unread])
print(
    json.dumps(
        {
            "feeds": client.get_feeds()["feeds"],
            "groups": client.get_groups(),
            "unread": [one.id for one in unread],
            "saved": [one.id for one in client.get_saved()],
            "items": [asdict(one) | {"created_on_time": str(one.created_on_time)} for one in items],
        },
        default=str,
    )
)
