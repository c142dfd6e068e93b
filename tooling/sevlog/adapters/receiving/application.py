"""The web application: checks a delivery, hands it on, and answers. The only module that imports starlette."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec import json as fast
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from . import authentication
from .rates import Rates

PATIENCE = 10.0
"""Seconds in which a body must have come."""


class Door(Struct, frozen=True, kw_only=True):
    """What the application needs to know, and what it calls.

    secrets: source -> its secrets; None: anybody may send. Other sources are not served.
    keep: puts a body of a source and mapping into the queue; returns its name. Raises Closed.
    health: whether all is well, and a document that says so. clock: seconds since 1970.
    """

    secrets: Mapping[str, Sequence[str] | None]
    largest: int
    rates: Rates
    keep: Callable[[str, str | None, bytes], str]
    health: Callable[[], tuple[bool, object]]
    clock: Callable[[], float]
    log: Callable[[str], None]
    patience: float = PATIENCE


class Closed(Exception):
    """A delivery cannot be kept now; its sender should try again later."""


class _Answer(Exception):
    def __init__(self, code: int, said: str, **headers: str) -> None:
        super().__init__(said)
        self.code, self.said, self.headers = code, said, headers


def application(door: Door) -> Starlette:
    """POST /alerts/SOURCE, POST /alerts/json/MAPPING, GET /healthz, and the handshake of CloudEvents."""

    async def receive(request: Request) -> Response:
        source, mapping = request.path_params["source"], request.path_params.get("mapping")
        try:
            name = await _received(door, request, source, mapping)
        except _Answer as answer:
            known = source if source in door.secrets else "an unknown source"
            door.log(f"refused a delivery of {known}: {answer.code} {answer.said}")
            return _json(answer.code, {"error": answer.said}, **answer.headers)
        except ClientDisconnect:
            return _json(400, {"error": "the body ended early"})
        return _json(202, {"queued": name})

    async def handshake(request: Request) -> Response:
        """CloudEvents asks whether its deliveries are welcome (HTTP webhooks for event delivery, section 4)."""
        origin = request.headers.get("webhook-request-origin", "*")
        return Response(status_code=200, headers={"WebHook-Allowed-Origin": origin, "Allow": "POST, OPTIONS"})

    async def healthz(_: Request) -> Response:
        well, document = await run_in_threadpool(door.health)
        return _json(200 if well else 503, document)

    return Starlette(
        routes=[
            Route("/alerts/cloudevents", handshake, methods=["OPTIONS"]),
            Route("/alerts/{source}", receive, methods=["POST"]),
            Route("/alerts/{source}/{mapping}", receive, methods=["POST"]),
            Route("/healthz", healthz, methods=["GET"]),
        ]
    )


async def _received(door: Door, request: Request, source: str, mapping: str | None) -> str:
    """The name of the delivery in the queue. Raises _Answer with what to say instead."""
    if source not in door.secrets or (mapping is not None and source != "json"):
        raise _Answer(404, "not served here: use /alerts/SOURCE or /alerts/json/MAPPING of a source with a secret")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise _Answer(415, "send the body without Content-Encoding")
    body = await _body(door, request)
    secrets = door.secrets[source]
    shown = authentication.Request(
        headers={name.lower(): value for name, value in request.headers.items()},
        token=request.query_params.get("token"),
        body=body,
        now=door.clock(),
    )
    if secrets is not None and not authentication.is_allowed(source, shown, secrets):
        raise _Answer(401, "missing or wrong secret or signature", **{"WWW-Authenticate": "Bearer"})
    if (wait := door.rates.wait(source)) > 0:
        raise _Answer(429, "too many deliveries", **{"Retry-After": str(math.ceil(wait))})
    try:
        return await run_in_threadpool(door.keep, source, mapping, body)
    except Closed as error:
        raise _Answer(503, str(error), **{"Retry-After": "30"}) from None


async def _body(door: Door, request: Request) -> bytes:
    """The body, in time and no larger than allowed."""
    too_large = _Answer(413, f"the body is larger than {door.largest:,} bytes", Connection="close")
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > door.largest:
        raise too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(door.patience):
            async for part in request.stream():
                size += len(part)
                if size > door.largest:
                    raise too_large
                parts.append(part)
    except TimeoutError:
        raise _Answer(408, f"the body did not come within {door.patience:g} s", Connection="close") from None
    return b"".join(parts)


def _json(code: int, document: object, **headers: str) -> Response:
    kind = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(fast.encode(document), status_code=code, headers={**kind, **headers})
