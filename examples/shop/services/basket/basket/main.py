"""HTTP API of the baskets."""

from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import structlog
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from pydantic import BaseModel, Field

from basket.catalogue import CatalogueClient, UnknownBook
from basket.store import BasketFull, Line, connect

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.JSONRenderer(),
    ]
)
log = structlog.get_logger(service="basket")

operations = Counter("basket_operations_total", "Changes of baskets", ["operation", "result"])


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.store = connect()
    app.state.catalogue = CatalogueClient()
    yield
    await app.state.catalogue.close()
    await app.state.store.client.aclose()


app = FastAPI(title="Baskets", version="1.3.1", lifespan=lifespan)


class Quantity(BaseModel):
    quantity: int = Field(ge=0, le=20)


def shown(basket_id: UUID, lines: list[Line]) -> dict:
    return {
        "id": str(basket_id),
        "lines": [
            {"isbn": line.isbn, "quantity": line.quantity, "pricePence": line.price_pence}
            for line in lines
        ],
        "totalPence": sum(line.quantity * line.price_pence for line in lines),
    }


@app.get("/v1/baskets/{basket_id}")
async def show(basket_id: UUID, request: Request) -> dict:
    return shown(basket_id, await request.app.state.store.lines(str(basket_id)))


@app.put("/v1/baskets/{basket_id}/lines/{isbn}")
async def put_line(basket_id: UUID, isbn: str, body: Quantity, request: Request) -> dict:
    state = request.app.state
    try:
        price = await state.catalogue.price(isbn) if body.quantity else 0
        await state.store.put(str(basket_id), Line(isbn, body.quantity, price))
    except UnknownBook:
        operations.labels("put", "unknown_book").inc()
        raise HTTPException(404, "no such book") from None
    except BasketFull:
        operations.labels("put", "full").inc()
        raise HTTPException(409, "basket is full") from None
    operations.labels("put", "ok").inc()
    log.info("line changed", basket=str(basket_id), isbn=isbn, quantity=body.quantity)
    return shown(basket_id, await state.store.lines(str(basket_id)))


@app.delete("/v1/baskets/{basket_id}", status_code=204)
async def empty(basket_id: UUID, request: Request) -> None:
    await request.app.state.store.delete(str(basket_id))
    operations.labels("empty", "ok").inc()


@app.exception_handler(httpx.HTTPError)
async def catalogue_failed(request: Request, error: httpx.HTTPError) -> JSONResponse:
    log.warning("catalogue failed", error=str(error))
    return JSONResponse({"detail": "catalogue does not answer"}, status_code=503)


@app.get("/healthz")
async def healthz() -> dict:
    return {"status": "ok"}


@app.get("/readyz")
async def readyz(request: Request) -> dict:
    await request.app.state.store.client.ping()
    return {"status": "ready"}


@app.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
