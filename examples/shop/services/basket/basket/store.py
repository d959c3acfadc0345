"""Baskets in Redis: one hash per basket, ISBN to quantity and price."""

import json
from dataclasses import dataclass

import redis.asyncio as redis

from basket.settings import settings


@dataclass(frozen=True)
class Line:
    isbn: str
    quantity: int
    price_pence: int


class BasketFull(Exception):
    """The basket holds as many different books as it may."""


class BasketStore:
    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    @staticmethod
    def key(basket_id: str) -> str:
        return f"basket:{basket_id}"

    async def lines(self, basket_id: str) -> list[Line]:
        stored = await self.client.hgetall(self.key(basket_id))
        return [Line(isbn, **json.loads(value)) for isbn, value in sorted(stored.items())]

    async def put(self, basket_id: str, line: Line) -> None:
        key = self.key(basket_id)
        if line.quantity == 0:
            await self.client.hdel(key, line.isbn)
            return
        known = await self.client.hexists(key, line.isbn)
        if not known and await self.client.hlen(key) >= settings.max_lines:
            raise BasketFull(basket_id)
        value = json.dumps({"quantity": line.quantity, "price_pence": line.price_pence})
        async with self.client.pipeline(transaction=True) as pipe:
            pipe.hset(key, line.isbn, value)
            pipe.expire(key, settings.basket_ttl_days * 86_400)
            await pipe.execute()

    async def delete(self, basket_id: str) -> None:
        await self.client.delete(self.key(basket_id))


def connect() -> BasketStore:
    client = redis.from_url(settings.redis_url, decode_responses=True, socket_timeout=0.5)
    return BasketStore(client)
