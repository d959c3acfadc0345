"""Turns an event into a letter."""

from email.message import EmailMessage
from importlib.resources import files

from jinja2 import BaseLoader, Environment, StrictUndefined

SENDER = "Harbour Street Books <orders@harbourstreet.example>"

SUBJECTS = {
    "order.placed": "We have your order {order_id}",
    "order.paid": "Thank you: order {order_id} is paid",
    "order.cancelled": "Order {order_id} was cancelled",
    "shipment.dispatched": "Your books are on their way",
}

_environment = Environment(loader=BaseLoader(), undefined=StrictUndefined, autoescape=False)


def letter(event: str, content: dict) -> EmailMessage:
    """A letter for one event; KeyError for an event that nobody writes about."""
    subject = SUBJECTS[event].format(order_id=content["orderId"])
    name = event.replace(".", "_") + ".txt"
    template = files("mailer").joinpath("templates", name).read_text("utf-8")
    message = EmailMessage()
    message["From"] = SENDER
    message["To"] = content["email"]
    message["Subject"] = subject
    message.set_content(_environment.from_string(template).render(**content))
    return message
