"""What a person does in a window, heard as it arrives on the socket."""

from collections.abc import Callable

from starlette.types import Message, Receive

_EVENT = '42["event"'
"""How NiceGUI's messages of a gesture begin; a window also sends pings and says what it has received."""


def heard(receive: Receive, gesture: Callable[[], object]) -> Receive:
    """The same messages; `gesture` is called at each that something was done with."""

    async def received() -> Message:
        message = await receive()
        text = message.get("text")
        if text is not None and text.startswith(_EVENT):
            gesture()
        return message

    return received
