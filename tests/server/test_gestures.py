"""What a person does in a window is told before it is answered; what a window says by itself is not."""

from starlette.types import Message

from app.server.gestures import heard


async def test_a_gesture_is_told_and_a_pulse_or_an_acknowledgement_is_not() -> None:
    messages = ["3", '42["ack",{"next_message_id":3}]', '42["event",{"id":7}]', '42["javascript_response",{}]']
    told: list[int] = []
    left: list[Message] = [{"type": "websocket.connect"}]
    left += [{"type": "websocket.receive", "text": text} for text in messages]
    left += [{"type": "websocket.receive", "bytes": b"1"}, {"type": "websocket.disconnect"}]
    count = len(left)

    async def receive() -> Message:
        return left.pop(0)

    hears = heard(receive, lambda: told.append(count - len(left)))
    passed = [await hears() for _ in range(count)]
    assert [message.get("text") for message in passed[1:5]] == messages
    assert told == [4]
