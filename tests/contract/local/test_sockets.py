"""The websocket API: who gets in, what functions are told, and every limit."""

import asyncio
import json
import socket
import threading
from contextlib import ExitStack, suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from chalicelib.kit.outside import Gone
from infra.local.gateway.connections import CLOSE_WITHIN_S, FrameTooLarge
from tests.contract.local.conftest import serving, wait_until


def do(what: str, **more) -> str:
    return json.dumps({"do": what, **more})


def closed(client) -> tuple[int, str]:
    """How the server closed it, once it has."""
    with suppress(ConnectionClosed):
        while True:
            client.recv(5)
    return client.close_code, client.close_reason


def connection_of(desk) -> str:
    return desk.small.seen("CONNECT")[-1]["requestContext"]["connectionId"]


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("", 401, "Unauthorized"),
        ("ticket=denied", 403, "User is not authorized to access this resource"),
        ("ticket=broken", 500, "Internal server error"),
    ],
)
def test_a_handshake_that_the_authorizer_refuses_fails_with_its_status(desk, caplog, query, status, message):
    before = len(desk.small.seen("CONNECT"))

    with pytest.raises(InvalidStatus) as refused:
        desk.socket(query)

    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body)["message"] == message
    assert len(desk.small.seen("CONNECT")) == before


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_handshake_that_connect_refuses_fails_and_is_never_disconnected(desk, caplog, status):
    with pytest.raises(InvalidStatus) as refused:
        desk.socket(f"ticket=good&refuse={status}")

    assert refused.value.response.status_code == status
    connection_id = connection_of(desk)
    assert all(e["requestContext"]["connectionId"] != connection_id for e in desk.small.seen("DISCONNECT"))
    assert [each.name for each in caplog.records if each.name != "deskbell.local"] == []


def test_elsewhere_than_at_socket_there_is_none(desk):
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{desk.port}/elsewhere", proxy=None)
    assert refused.value.response.status_code == 404


def test_a_handshake_under_another_name_is_refused(desk):
    tcp = socket.create_connection(("127.0.0.1", desk.port))
    with (
        tcp,
        pytest.raises(InvalidStatus) as refused,
        connect("ws://evil.example/socket", sock=tcp, proxy=None),
    ):
        pass
    assert refused.value.response.status_code == 421


def test_nothing_can_be_posted_before_connect_has_returned_nor_after_the_close(desk):
    with desk.socket() as client:
        client.send(do("echo", text="hi"))
        assert client.recv(5) == "hi"
        connection_id = connection_of(desk)
    wait_until(
        lambda: connection_id in [e["requestContext"]["connectionId"] for e in desk.small.seen("DISCONNECT")]
    )

    assert desk.small.during_connect[-1] is Gone
    with pytest.raises(Gone):
        desk.cellar.connections.post(connection_id, "late")
    with pytest.raises(Gone):
        desk.cellar.connections.close(connection_id)


def test_who_sees_the_handshake_succeed_can_be_posted_to(desk):
    """Whatever comes between the acceptance's leaving and the server's next step: here the post comes at the worst moment."""
    sent = []
    told = asyncio.Event()
    coming = iter([{"type": "websocket.connect"}])

    async def receive():
        for message in coming:
            return message
        await told.wait()
        return {"type": "websocket.disconnect", "code": 1000, "reason": ""}

    async def send(message):
        sent.append(message)
        if message["type"] == "websocket.accept":
            desk.cellar.connections.post(connection_of(desk), "the first frame")
        else:
            told.set()

    scope = {"type": "websocket", "query_string": b"ticket=good", "headers": [], "client": ("127.0.0.1", 1)}
    asyncio.run(asyncio.wait_for(desk.house.sockets(scope, receive, send), 5))

    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.send"]
    assert sent[1]["text"] == "the first frame"


def test_what_the_authorizer_found_is_in_every_later_event(desk):
    with desk.socket() as client:
        connection_id = connection_of(desk)
        client.send(do("echo", text="hi"))
        client.recv(5)

    def mine():
        return [
            e["requestContext"]
            for e in desk.small.events
            if e["requestContext"]["connectionId"] == connection_id
        ]

    wait_until(lambda: len(mine()) == 3)
    assert [context["eventType"] for context in mine()] == ["CONNECT", "MESSAGE", "DISCONNECT"]
    assert {context["authorizer"]["epoch"] for context in mine()} == {"3"}


def test_frames_arrive_in_the_order_they_were_posted(desk):
    with desk.socket() as client:
        client.send(do("count", upto=500))
        assert [client.recv(5) for _ in range(500)] == [str(number) for number in range(500)]


def test_a_message_that_waits_does_not_hold_up_the_next(desk):
    with desk.socket() as client:
        desk.small.release.clear()
        client.send(do("wait"))
        client.send(do("echo", text="overtaken"))
        try:
            assert client.recv(5) == "overtaken"
        finally:
            desk.small.release.set()


def test_a_message_whose_function_raises_is_answered_as_by_api_gateway(desk, caplog):
    with desk.socket() as client:
        client.send(do("fail"))
        told = json.loads(client.recv(5))
        client.send(do("echo", text="still here"))
        assert client.recv(5) == "still here"

    assert told == {
        "message": "Internal server error",
        "connectionId": connection_of(desk),
        "requestId": told["requestId"],
    }


def test_a_binary_message_reaches_the_function_as_base64(desk):
    with desk.socket() as client:
        client.send(b"\x00\x01")
        wait_until(lambda: any(e.get("isBase64Encoded") for e in desk.small.seen("MESSAGE")))

    assert desk.small.seen("MESSAGE")[-1]["body"] == "AAE="


def test_a_frame_over_32_kb_closes_with_1009(desk):
    with desk.socket() as client:
        client.send(do("echo", text="x" * 33_000))
        assert closed(client)[0] == 1009


def test_a_message_of_several_frames_may_be_longer_than_one_frame(desk):
    text = "x" * 60_000
    with desk.socket() as client:
        whole = do("echo", text=text)
        client.send([whole[:30_000], whole[30_000:]])
        assert client.recv(5) == text


def test_a_message_over_128_kb_closes_with_1009(desk):
    with desk.socket() as client:
        with suppress(ConnectionClosed):
            client.send(["x" * 30_000] * 5)
        assert closed(client)[0] == 1009


def test_what_is_still_being_sent_does_not_hide_why_it_was_closed(desk):
    """A server that hangs up with bytes unread resets the connection, and the browser never sees the 1009."""
    shake = (
        f"GET /socket?ticket=good HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
    )
    fragment = bytes([0x01, 0x80 | 126, 0x75, 0x30]) + bytes(4) + b"x" * 30_000
    following = bytes([0x00]) + fragment[1:]
    before = len(desk.small.seen("DISCONNECT"))
    with socket.create_connection(("127.0.0.1", desk.port), timeout=5) as client:
        client.sendall(shake.encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 101")
        client.sendall(fragment + following * 4)
        wait_until(lambda: len(desk.small.seen("DISCONNECT")) > before)
        for _ in range(10):
            client.sendall(following)
        close = client.recv(4096)
        assert (close[0], int.from_bytes(close[2:4])) == (0x88, 1009)


def test_text_that_is_no_utf_8_closes_with_1007_and_is_not_the_servers_fault(desk, caplog):
    with desk.socket() as client:
        client.socket.sendall(bytes([0x81, 0x80 | 2]) + bytes(4) + b"\xff\xfe")
        assert closed(client)[0] == 1007
    assert [each.name for each in caplog.records if each.name != "deskbell.local"] == []


def test_a_post_over_128_kb_is_refused(desk):
    with desk.socket(), pytest.raises(FrameTooLarge):
        desk.cellar.connections.post(connection_of(desk), "你" * 50_000)


def test_closing_from_inside_sends_what_was_posted_and_then_1000(desk):
    with desk.socket() as client:
        desk.cellar.connections.post(connection_of(desk), "last words")
        desk.cellar.connections.close(connection_of(desk))
        with pytest.raises(Gone):
            desk.cellar.connections.post(connection_of(desk), "too late")
        assert client.recv(5) == "last words"
        assert closed(client)[0] == 1000


@pytest.mark.parametrize(("code", "reason"), [(1000, "bye"), (4001, "tab closed")])
def test_disconnect_is_told_how_the_client_closed(desk, code, reason):
    with desk.socket() as client:
        connection_id = connection_of(desk)
        client.close(code, reason)

    def told():
        return [
            e["requestContext"]
            for e in desk.small.seen("DISCONNECT")
            if e["requestContext"]["connectionId"] == connection_id
        ]

    wait_until(told)
    assert (told()[0]["disconnectStatusCode"], told()[0]["disconnectReason"]) == (code, reason)


def test_disconnect_of_a_client_that_vanished_is_told_1006(desk):
    before = len(desk.small.seen("DISCONNECT"))
    with desk.socket() as client:
        client.socket.shutdown(socket.SHUT_RDWR)

    wait_until(lambda: len(desk.small.seen("DISCONNECT")) > before)
    assert desk.small.seen("DISCONNECT")[-1]["requestContext"]["disconnectStatusCode"] == 1006


def test_a_client_that_reads_nothing_is_cut_and_not_waited_for(desk):
    with desk.socket(max_queue=1, close_timeout=0.1) as client:
        connection_id = connection_of(desk)
        client.send(do("flood"))

        def gone():
            return connection_id in [
                e["requestContext"]["connectionId"] for e in desk.small.seen("DISCONNECT")
            ]

        wait_until(gone)


def deaf(desk) -> ClientConnection:
    """A client whose kernel takes little, and who reads less."""
    tcp = socket.socket()
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    tcp.connect(("127.0.0.1", desk.port))
    return desk.socket(sock=tcp, max_queue=1, close_timeout=0.1)


def test_a_client_that_reads_nothing_is_closed_at_its_time_all_the_same(tmp_path):
    """The close can't reach it, so the connection is dropped."""
    with serving(tmp_path, life_text="0.5") as desk, deaf(desk):
        for _ in range(35):
            desk.cellar.connections.post(connection_of(desk), "x" * 100_000)
        wait_until(lambda: desk.small.seen("DISCONNECT"), within_s=3 + CLOSE_WITHIN_S)

        assert not desk.cellar.connections.everyone()


def test_a_client_that_reads_nothing_is_kept_no_pongs(tmp_path):
    with serving(tmp_path) as desk, deaf(desk) as client:
        for _ in range(20):
            desk.cellar.connections.post(connection_of(desk), "x" * 100_000)
        ping = bytes([0x89, 0x80 | 125]) + bytes(4) + b"p" * 125
        for _ in range(200):
            client.socket.sendall(ping * 1000)
        (protocol,) = desk.server.server_state.connections

        assert protocol.transport.get_write_buffer_size() < 1_000_000


def test_an_idle_socket_is_closed_with_1001_and_one_that_talks_is_not(tmp_path):
    with serving(tmp_path, idle_text="0.3") as desk, desk.socket() as idle, desk.socket() as busy:
        stop = threading.Event()

        def talk():
            while not stop.wait(0.1):
                busy.send(do("echo", text="still here"))
                busy.recv(5)

        talker = threading.Thread(target=talk)
        talker.start()
        assert closed(idle) == (1001, "Going away")
        stop.set()
        talker.join()
        busy.send(do("echo", text="and now"))
        assert busy.recv(5) == "and now"


def test_a_socket_that_has_lived_its_time_is_closed_with_1001_however_busy(tmp_path):
    with serving(tmp_path, life_text="0.2") as desk, desk.socket() as client:
        assert closed(client) == (1001, "Going away")


def test_stopping_tells_open_sockets_1001_and_their_disconnects_run(tmp_path):
    with serving(tmp_path) as desk, ExitStack() as opened:
        clients = [opened.enter_context(desk.socket()) for _ in range(20)]
        desk.server.should_exit = True
        assert {closed(client) for client in clients} == {(1001, "Going away")}

    assert len(desk.small.seen("DISCONNECT")) == 20
