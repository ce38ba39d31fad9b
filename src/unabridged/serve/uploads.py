"""A file that a person sends with a form of ours: its token is checked, it is read within bounds."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from unabridged.errors import DocumentError
from unabridged.serve.security import NotOurs, Signer, check_token

MAX_UPLOAD = 10_000_000
"""Bytes of a form with a file: a list of 40,000 feeds."""

MAX_READ = 10 * MAX_UPLOAD
"""Of a larger one so much is read and forgotten: a browser shows no answer before all is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was sent. name: what its sender calls it."""

    name: str
    data: bytes


async def upload_of(request: Request, signer: Signer) -> Upload:
    """Read the form's one file. Raises NotOurs; DocumentError where there is none, or too much of it."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise NotOurs("This is not the form by which our pages send a file.")
    body = b"".join([part async for part in _bounded(request)])
    # Looking for the parts takes long where a file is full of what looks like their ends.
    return await asyncio.to_thread(lambda: asyncio.run(_file_of(request.headers, body, signer)))


async def _file_of(headers: Headers, body: bytes, signer: Signer) -> Upload:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(headers, stream(), max_files=1, max_fields=10).parse()
    except MultiPartException as exc:
        raise DocumentError(f"The file did not arrive whole: {exc.message} Send it again.") from exc
    try:
        check_token(signer, headers.get("x-csrf-token") or str(form.get("csrf", "")))
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise DocumentError("No file was sent. Choose one first.")
        return Upload(name=file.filename[:200], data=await file.read())
    finally:
        await form.close()


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= MAX_UPLOAD:
            yield part
        elif size > MAX_READ:
            break
    if size > MAX_UPLOAD:
        raise DocumentError(
            f"The file has more than {MAX_UPLOAD // 1_000_000} MB. "
            "`unabridged import FILE` takes larger ones."
        )
