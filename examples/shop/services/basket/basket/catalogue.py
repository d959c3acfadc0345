"""Asks the catalogue what a book costs."""

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

from basket.settings import settings


class UnknownBook(Exception):
    """The catalogue has no such ISBN."""


class CatalogueClient:
    def __init__(self) -> None:
        self.http = httpx.AsyncClient(
            base_url=settings.catalogue_url, timeout=settings.catalogue_timeout_seconds
        )

    @retry(
        retry=retry_if_exception_type(httpx.TransportError),
        stop=stop_after_attempt(3),
        wait=wait_exponential(multiplier=0.1, max=0.5),
        reraise=True,
    )
    async def price(self, isbn: str) -> int:
        answer = await self.http.get(f"/v1/books/{isbn}")
        if answer.status_code == 404:
            raise UnknownBook(isbn)
        answer.raise_for_status()
        return answer.json()["pricePence"]

    async def close(self) -> None:
        await self.http.aclose()
