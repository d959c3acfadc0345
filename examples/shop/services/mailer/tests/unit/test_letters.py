import pytest

from mailer.letters import SUBJECTS, letter

CONTENT = {
    "orderId": "0b7e",
    "email": "reader@example.org",
    "customerName": "A. Reader",
    "totalPence": 2198,
    "trackingNumber": "CP123",
}


@pytest.mark.parametrize("event", sorted(SUBJECTS))
def test_every_event_has_a_letter(event):
    message = letter(event, CONTENT)
    assert message["To"] == "reader@example.org"
    assert "A. Reader" in message.get_content()


def test_unknown_event_is_refused():
    with pytest.raises(KeyError):
        letter("order.shredded", CONTENT)
