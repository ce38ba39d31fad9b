"""Routes of the page for administrators: storage, workers, versions, failures, backups, checks."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from unabridged.archive.records.maintenance import Watch
from unabridged.errors import LoginRefused
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.routes.admin.runs import (
    AdminState,
    backup_folder,
    backup_path,
    list_backups,
    make_backup,
    remove_backup,
    work,
)
from unabridged.serve.views.admin import DAYS, Measured, admin_view, backup_line, run_line

router = APIRouter()

FRESH_FOR = timedelta(minutes=10)
"""Age of a measurement of sizes up to which it is shown again: measuring reads every row."""

NOT_FRESH = later("Log in again to do this: your last login was more than 15 minutes ago.")


def _state(request: Request) -> AdminState:
    state: AdminState = request.app.state.admin
    return state


@router.get("/admin")
def overview(request: Request, context: Context, measure: Annotated[bool, Query()] = False) -> Response:
    """Show the state of the archive and of the program."""
    state, now = _state(request), context.clock()
    maintenance = context.archive.maintenance
    view = admin_view(
        _measured(context, state, again=measure),
        context.moment(),
        database=maintenance.database_version(),
        report=maintenance.worker_report(),
        holders=maintenance.lease_holders(now),
        waiting=context.archive.schedule.backlog(now),
        failures=context.archive.schedule.recent_failures(now - timedelta(days=1)),
        checked=maintenance.last_check(),
        polls=state.polls,
    )
    folder = backup_folder(context.settings)
    return context.render(
        request,
        "admin/overview.html",
        title=gettext("Administration"),
        sidebar=context.sidebar(),
        view=view,
        run=run_line(state.run, context.moment()) if state.run else None,
        folder=str(folder),
        backups=[backup_line(one, context.moment(), state.run) for one in list_backups(folder)],
        fresh=context.known_viewer.is_recent(now),
    )


def _measured(context: AppContext, state: AdminState, *, again: bool) -> Measured:
    now, known = context.clock(), state.measured
    if known is None or again or not timedelta(0) <= now - known.at <= FRESH_FOR:
        maintenance = context.archive.maintenance
        growth = maintenance.growth(now - timedelta(days=DAYS))
        known = state.measured = Measured(at=now, sizes=maintenance.sizes(), growth=growth)
    return known


@router.get("/admin/run")
def progress(request: Request, context: Context) -> Response:
    """Return the progress of the present or last backup or check, for scripts."""
    run = _state(request).run
    if run is None:
        return JSONResponse({"running": False}, headers={"cache-control": "no-store"})
    line = run_line(run, context.moment())
    body = {"running": run.is_running, "text": line.text, "share": line.share}
    return JSONResponse(body, headers={"cache-control": "no-store"})


@router.post("/admin/backup")
async def back_up(request: Request, context: Context, form: Form) -> Response:
    """Begin a backup in the background; it is checked when it is written."""
    now, folder = context.clock(), backup_folder(context.settings)
    run = _state(request).begin("backup", now)

    def task(watch: Watch) -> None:
        make_backup(context.archive, folder, now, watch)

    context.background.start(work(run, task))
    return RedirectResponse("/admin#backups", 303)


@router.post("/admin/check")
async def check(request: Request, context: Context, form: Form) -> Response:
    """Begin a check of the whole archive in the background."""
    now = context.clock()
    run = _state(request).begin("check", now)

    def task(watch: Watch) -> None:
        context.archive.maintenance.check_up(now=now, watch=watch)

    context.background.start(work(run, task))
    return RedirectResponse("/admin#check", 303)


@router.get("/admin/backups/{name}")
def download(request: Request, context: Context, name: str) -> Response:
    """Send a backup to an administrator whose login is fresh."""
    check_recent(context)
    path = backup_path(backup_folder(context.settings), name)
    headers = {"cache-control": "no-store"}
    return FileResponse(path, media_type="application/vnd.sqlite3", filename=name, headers=headers)


@router.post("/admin/backups/{name}/remove")
def remove(context: Context, name: str, form: Form) -> Response:
    """Remove a backup, for an administrator whose login is fresh."""
    check_recent(context)
    remove_backup(backup_folder(context.settings), name)
    return RedirectResponse("/admin#backups", 303)


def check_recent(context: AppContext) -> None:
    """Raise LoginRefused for a program, and after a login that was long ago."""
    if not context.known_viewer.is_recent(context.clock()):
        raise LoginRefused(gettext(NOT_FRESH))
