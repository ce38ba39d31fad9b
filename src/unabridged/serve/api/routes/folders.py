"""Routes of the API for folders of feeds."""

from starlette.responses import Response

from unabridged.api_records import feeds as records
from unabridged.errors import NotFound
from unabridged.serve.api.route import EMPTY, Number, api_router
from unabridged.serve.api.views import feeds as views
from unabridged.serve.context import AppContext, Context

router = api_router("folders")


@router.get("/folders")
def folders(context: Context) -> records.FolderList:
    """List the folders by name, with counts of feeds and unread articles."""
    return _all(context)


def _all(context: AppContext) -> records.FolderList:
    return records.FolderList(folders=[views.folder(one) for one in context.library.subscriptions.folders()])


@router.post("/folders", status_code=201)
def add_folder(context: Context, body: records.NewName) -> records.Folder:
    """Make a folder that stays when no feed is in it."""
    made = context.library.subscriptions.add_folder(body.name)
    context.events.publish_change(context.known_viewer.user.id)
    return views.folder(made)


@router.patch("/folders/{folder_id}")
def rename_folder(context: Context, folder_id: Number, body: records.NewName) -> records.FolderList:
    """Rename a folder, and return all folders; with the name of another one, its feeds move there."""
    context.library.subscriptions.rename_folder(_name(context, folder_id), body.name)
    context.events.publish_change(context.known_viewer.user.id)
    return _all(context)


@router.delete("/folders/{folder_id}", **EMPTY)
def remove_folder(context: Context, folder_id: Number) -> Response:
    """Remove a folder; its feeds stay."""
    context.library.subscriptions.remove_folder(_name(context, folder_id))
    context.events.publish_change(context.known_viewer.user.id)
    return Response(status_code=204)


def _name(context: AppContext, number: int) -> str:
    names = {one.id: one.name for one in context.library.subscriptions.folder_names()}
    if number not in names:
        raise NotFound(f"There is no folder {number}.")
    return names[number]
