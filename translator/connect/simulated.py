"""A seller API to try everything against: its side (``seller``) goes in, an application that speaks HTTP comes out.

It plays by the API's table, and fails in the ways that it is asked to fail. Everything that was asked and done can be looked at
under ``/_simulated``. It runs on this machine only, knows no secret, and is no proof of what the real one does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from translator.bodies.calls import Call
from translator.connect.seller import FAULTS, Refusal, Seller, fault

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

Json = dict[str, Any]


def application(side: Seller) -> Starlette:
    """The API over HTTP, with every call at the path that its table says, and ``/_simulated`` to look behind it."""
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    routes = [Route(call.path, _endpoint(side, call), methods=[call.method]) for call in side.api.calls.values()]

    async def behind(request: Request) -> Response:
        return JSONResponse(
            {"orders": side.orders, "fulfillments": side.fulfillments, "requests": side.requests, "deeds": dict(side.deeds)}
        )

    async def change(request: Request) -> Response:
        held = await request.json()
        if isinstance(held.get("orders"), list):
            side.orders += held["orders"]
        side.faults += [fault(text) for text in held.get("faults", ())]
        return JSONResponse({})

    routes += [Route("/_simulated", behind), Route("/_simulated", change, methods=["POST"])]
    return Starlette(routes=routes)


def _endpoint(side: Seller, call: Call) -> Any:
    from starlette.responses import JSONResponse

    deeds: dict[str, Callable[[dict[str, str], Json], Any]] = {
        "acknowledge": lambda fill, body: side.acknowledge(fill["order"], body),
        "cancel": lambda fill, body: side.cancel(fill["order"], fill["line"], body),
        "ship": lambda fill, body: side.ship(fill["order"], body),
    }
    questions: dict[str, Callable[[dict[str, str], Any], Any]] = {
        "orders": lambda fill, query: side.listed(query),
        "order": lambda fill, query: side.found(fill["order"]),
        "fulfillments": lambda fill, query: side.fulfillments.get(side.found(fill["order"])[side.words["order"]["id"]], []),
        "methods": lambda fill, query: [{side.words["methods"]["name"]: one} for one in side.words["methods"]["known"]],
    }

    async def endpoint(request: Request) -> Response:
        fill = {key: str(value) for key, value in request.path_params.items()}
        side.requests.append(f"{call.name} {' '.join(value for key, value in fill.items() if key != 'seller')}".strip())
        for header in side.api.secrets:
            if not request.headers.get(header):
                return JSONResponse({side.words["error"]["message"]: f"{header} is missing"}, status_code=401)
        what = side.next_fault(call.name)
        if what and not FAULTS[what]:
            return await _fails(side, what)
        try:
            if call.name in deeds:
                body = json.loads(await request.body())
                if not isinstance(body, dict):
                    raise Refusal(400, "the body is no object")
                held = deeds[call.name](fill, body)
            else:
                query = {key: request.query_params.getlist(key) for key in request.query_params}
                held = questions[call.name](fill, query)
        except Refusal as refused:
            return JSONResponse({side.words["error"]["message"]: str(refused)}, status_code=refused.status)
        except ValueError:
            return JSONResponse({side.words["error"]["message"]: "the request cannot be read"}, status_code=400)
        if what:
            return await _fails(side, what)
        return JSONResponse(held, status_code=min(call.success))

    return endpoint


async def _fails(side: Seller, what: str) -> Response:
    """An answer that is none."""
    from starlette.responses import JSONResponse, Response

    class Cut(Response):
        """An answer that never comes: the connection ends."""

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            transport = getattr(getattr(send, "__self__", None), "transport", None)
            if transport is not None:
                transport.abort()

    if what in ("lost", "dropped"):
        return Cut()
    if what == "slow":
        await asyncio.sleep(side.slow)
        return JSONResponse([])
    if what == "html":
        return Response("<!DOCTYPE html><html><title>Sorry</title></html>", media_type="text/html")
    if what == "truncated":
        return Response('[{"id": "0a1b2c3d4e5f60718293a4b5", "order_nu', media_type="application/json")
    if what == "long":
        return Response(b"[" + b" " * (side.api.bytes + 1) + b"]", media_type="application/json")
    if what == "302":
        return Response(status_code=302, headers={"location": "https://elsewhere.example/login"})
    status = int(what.removeprefix("done-"))
    headers = {"retry-after": "1"} if status == 429 else {}
    return JSONResponse({side.words["error"]["message"]: f"simulated {status}"}, status_code=status, headers=headers)
