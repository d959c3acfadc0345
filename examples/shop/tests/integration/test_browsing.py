"""Runs against the Compose stack: docker compose up --wait, then pytest tests/integration."""

import os

import httpx
import pytest

BASE = os.environ.get("BASE_URL", "http://localhost:8088")


@pytest.fixture
def shop():
    with httpx.Client(base_url=BASE, timeout=5) as client:
        yield client


def test_the_shelf_answers(shop):
    assert shop.get("/api/books").status_code == 200


def test_search_needs_two_letters(shop):
    assert shop.get("/api/search", params={"q": "a"}).status_code == 400


def test_an_unknown_book_does_not_get_into_the_basket(shop):
    answer = shop.put("/api/basket/lines/9790000000000", json={"quantity": 1})
    assert answer.status_code == 404


def test_checkout_needs_a_customer(shop):
    assert shop.post("/api/checkout", json={}).status_code == 401


def test_a_forged_webhook_is_refused(shop):
    answer = shop.post("/webhooks/quaypay", content=b"{}", headers={"x-quaypay-signature": "00"})
    assert answer.status_code == 401


def test_metrics_are_not_public(shop):
    assert shop.get("/metrics").status_code == 404
