"""The websocket protocol with API Gateway's limits: 32 KB a frame, 128 KB a message; beyond either it closes 1009."""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from infra.local.gateway.connections import CLOSE_WITHIN_S
from infra.local.gateway.quotas import FRAME_LIMIT, MESSAGE_LIMIT

CUT = "deskbell.cut"


class LimitedFrames(WebSocketsSansIOProtocol):
    """uvicorn's protocol on `websockets`, told what it has no setting for.

    The limit of a single frame, so that a long message passes in fragments and not whole, as in API Gateway.
    `scope["state"][CUT]`, which drops the connection at once: a browser that reads nothing can't be sent a close.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.max_message_size = MESSAGE_LIMIT
        self.conn.max_fragment_size = FRAME_LIMIT

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, CUT: self.transport.abort}

    async def send(self, message: Any) -> None:
        """A refusal ends the handshake too; uvicorn would report it as an application that forgot to answer."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True

    def handle_parser_exception(self) -> None:
        """A message that can't be taken: says why, then lets what is still coming pass by unread.

        uvicorn hangs up at once. The system answers bytes that come to a closed socket by resetting the connection, and the
        browser then finds no reason.
        """
        if self.close_sent or self.conn.close_sent is None:
            return
        code, reason = self.conn.close_sent.code, self.conn.close_sent.reason
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.write_eof()
        self.close_sent = True
        self.close_timer = self.loop.call_later(CLOSE_WITHIN_S, self.transport.close)

    def send_receive_event_to_app(self) -> None:
        """Text that is no UTF-8 closes 1007, and is the browser's fault: uvicorn would log it as its own."""
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_utf_8(b"".join(self.frames)):
            self.frames = []
            self.conn.send_close(1007)
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    def handle_ping(self) -> None:
        """Whoever reads nothing is owed no pongs: they would be kept here for ever (RFC 6455, 5.5.3, lets them be skipped)."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
