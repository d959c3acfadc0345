"""Consumes order and shipment events and writes mail about them."""

import asyncio
import json
import os

import aio_pika
import aiosmtplib
import structlog
from prometheus_client import Counter, start_http_server

from mailer.letters import SUBJECTS, letter
from mailer.smtp import deliver

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.JSONRenderer(),
    ]
)
log = structlog.get_logger(service="mailer")

ATTEMPTS = 3

letters_total = Counter("mailer_letters_total", "Letters by event and result", ["event", "result"])


async def send_with_retry(event: str, content: dict) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await deliver(letter(event, content))
            return
        except aiosmtplib.SMTPException as error:
            log.warning("relay refused", event_name=event, attempt=attempt, error=str(error))
            if attempt == ATTEMPTS:
                raise
            await asyncio.sleep(2**attempt)


async def handle(message: aio_pika.abc.AbstractIncomingMessage) -> None:
    event = message.routing_key or ""
    # A message that fails goes to the dead-letter exchange, not back to the queue.
    async with message.process(requeue=False):
        content = json.loads(message.body)
        try:
            await send_with_retry(event, content)
        except Exception:
            letters_total.labels(event, "failed").inc()
            raise
        letters_total.labels(event, "sent").inc()
        log.info("letter sent", event_name=event, order=content["orderId"])


async def main() -> None:
    start_http_server(int(os.environ.get("METRICS_PORT", "9102")))
    connection = await aio_pika.connect_robust(
        host=os.environ.get("RABBITMQ_HOST", "localhost"),
        port=int(os.environ.get("RABBITMQ_PORT", "5672")),
        login=os.environ["RABBITMQ_USER"],
        password=os.environ["RABBITMQ_PASSWORD"],
    )
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=10)
        exchange = await channel.declare_exchange("shop.events", aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue(
            "mailer.customer-mail",
            durable=True,
            arguments={"x-dead-letter-exchange": "shop.dead-letters"},
        )
        for event in SUBJECTS:
            await queue.bind(exchange, routing_key=event)
        await queue.consume(handle)
        log.info("mailer waits", queue=queue.name)
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
