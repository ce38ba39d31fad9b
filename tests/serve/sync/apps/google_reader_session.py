"""A day with the library google-reader: sync, read one item, star one, subscribe. Prints what it saw as JSON.

Arguments: address, name, password, and the address of a feed to add or "".
"""

import json
import sys
from dataclasses import asdict
from typing import Any

import google_reader as library  # type: ignore[import-not-found]  # installed by the test beside the program

address, name, password, added = sys.argv[1:5]
client = library.Client(address)
auth = client.login(name, password)
token = client.get_token(auth)
unread = client.get_stream_items_ids(auth, library.STREAM_READING_LIST, exclude_target=library.STREAM_READ)
numbers = [ref.id for ref in unread.item_refs]
contents = client.get_stream_items_contents(auth, token, numbers)
seen: dict[str, Any] = {
    "user": asdict(client.get_user_info(auth)),
    "subscriptions": [asdict(one) for one in client.list_subscriptions(auth)],
    "tags": [asdict(one) for one in client.list_tags(auth)],
    "unread": numbers,
    "starred": [
        ref.id for ref in client.get_stream_items_ids(auth, library.STREAM_STARRED, limit=10).item_refs
    ],
    "items": [asdict(one) for one in contents.items],
}
if added:
    client.edit_tags(auth, token, [numbers[0]], add_tags=[library.STREAM_READ])
    client.edit_tags(auth, token, [numbers[1]], add_tags=[library.STREAM_STARRED])
    client.rename_tag(auth, token, "user/-/label/Reading", "World")
    seen["added"] = asdict(client.quick_add_subscription(auth, token, added))
    stream = seen["added"]["stream_id"]
    client.edit_subscription(auth, token, stream, "edit", add_label_id="user/-/label/New", title="Mine")
print(json.dumps(seen))
