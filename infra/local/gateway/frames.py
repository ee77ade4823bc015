"""The websocket protocol with API Gateway's limits: 32 KB a frame, 128 KB a message; beyond either it closes 1009."""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from infra.local.gateway.quotas import FRAME_LIMIT, MESSAGE_LIMIT

CUT = "deskbell.cut"


class LimitedFrames(WebSocketsSansIOProtocol):
    """uvicorn's protocol on `websockets`, told two things it has no setting for.

    The limit of a single frame, so that a long message passes in fragments and not whole, as in API Gateway. And
    `scope["state"][CUT]`, which drops the connection at once: a browser that reads nothing can't be sent a close.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.max_message_size = MESSAGE_LIMIT
        self.conn.max_fragment_size = FRAME_LIMIT

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, CUT: self.transport.abort}
