"""Hands letters to the mail relay."""

import os
from email.message import EmailMessage

import aiosmtplib

HOST = os.environ.get("SMTP_HOST", "localhost")
PORT = int(os.environ.get("SMTP_PORT", "1025"))
START_TLS = os.environ.get("SMTP_STARTTLS", "true") == "true"


async def deliver(message: EmailMessage) -> None:
    await aiosmtplib.send(
        message,
        hostname=HOST,
        port=PORT,
        start_tls=START_TLS,
        username=os.environ.get("SMTP_USER") or None,
        password=os.environ.get("SMTP_PASSWORD") or None,
        timeout=10,
    )
