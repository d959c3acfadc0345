import fakeredis.aioredis
import pytest

from basket.settings import settings
from basket.store import BasketFull, BasketStore, Line


@pytest.fixture
def store() -> BasketStore:
    return BasketStore(fakeredis.aioredis.FakeRedis(decode_responses=True))


async def test_quantity_zero_removes_the_line(store):
    await store.put("a", Line("9780000000002", 2, 899))
    await store.put("a", Line("9780000000002", 0, 0))
    assert await store.lines("a") == []


async def test_basket_expires(store):
    await store.put("a", Line("9780000000002", 1, 899))
    assert 0 < await store.client.ttl("basket:a") <= settings.basket_ttl_days * 86_400


async def test_full_basket_refuses_another_book(store, monkeypatch):
    monkeypatch.setattr(settings, "max_lines", 1)
    await store.put("a", Line("9780000000002", 1, 899))
    with pytest.raises(BasketFull):
        await store.put("a", Line("9780000000019", 1, 1299))
