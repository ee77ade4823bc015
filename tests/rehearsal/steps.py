"""The rehearsal's longer steps, each with what it asserts."""

import json
import struct
import time
import zlib
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from infra.cloud import headers
from tests.rehearsal.aws import PATIENCE_S, Aws
from tests.rehearsal.visitor import Doors, Visitor, customer

SCHEDULE_S = 75
"""A minute, and what it takes to start and do it."""


def page(aws: Aws, address: str, path: str) -> httpx.Response:
    """As a browser gets it from CloudFront, whose TLS ends before what the stand-in stands for."""
    headers = {
        "host": address.removeprefix("https://"),
        "x-forwarded-proto": "https",
        "origin": "https://shop.example",
    }
    return httpx.get(aws.address + path, headers=headers, timeout=PATIENCE_S)


def panel_may_be_framed_by(aws: Aws, outputs: dict[str, str]) -> list[str]:
    policy = page(aws, outputs["WidgetUrl"], "/widget/app.html").headers["content-security-policy"]
    told = [directive.split() for directive in policy.split(";")]
    return next(words[1:] for words in told if words[0] == "frame-ancestors")


def the_site_is_served_each_part_by_its_own_origin(aws: Aws, outputs: dict[str, str]) -> None:
    console, widget = (outputs[name].removesuffix("/console/") for name in ("ConsoleUrl", "WidgetUrl"))
    for address, path in (
        (console, "/console/"),
        (widget, "/"),
        (widget, "/widget/app.html"),
        (widget, "/widget/deskbell.js"),
    ):
        answer = page(aws, address, path)
        assert answer.status_code == 200, (address, path)
        rule = next(rule for rule in headers.rules() if rule.matches(path))
        assert set(rule.headers) <= set(answer.headers), path
        for name, value in rule.headers.items():
            if "{" not in value:
                assert answer.headers[name] == value or name == "content-security-policy", (path, name)
        assert outputs["SocketUrl"].removesuffix("/api") in answer.headers["content-security-policy"] or (
            "{sockets}" not in rule.headers["content-security-policy"]
        )
    assert panel_may_be_framed_by(aws, outputs) == ["'self'", "https://shop.example"]
    assert page(aws, console, "/").headers["location"] == "/console/"
    assert page(aws, console, "/widget/app.html").headers["location"] == "/console/"
    assert page(aws, widget, "/console/").status_code == 403


REFUSED_BY_FUNCTION = 500
"""AWS documents 401 where an authorizer fails with "Unauthorized"; the stand-in answers as for any failure of it."""


def only_a_fresh_ticket_opens_a_socket(visitor: Visitor, doors: Doors) -> None:
    ticket = visitor.rest("POST", "/v1/socket-tickets", {}).raise_for_status().json()["ticket"]
    with connect(f"{doors.sockets}?ticket={ticket}", open_timeout=PATIENCE_S, compression=None):
        pass
    for query, status in (
        ("", 401),
        ("?ticket=", 401),
        ("?ticket=made-up", REFUSED_BY_FUNCTION),
        (f"?ticket={ticket}", REFUSED_BY_FUNCTION),
    ):
        with pytest.raises(InvalidStatus) as refusal, connect(doors.sockets + query, open_timeout=PATIENCE_S):
            pytest.fail(f"{query} opened a socket")
        assert refusal.value.response.status_code == status, query


def a_socket_that_is_gone_is_forgotten(
    aws: Aws, stack: str, ann: Visitor, cleo: Visitor, session_id: str
) -> None:
    """API Gateway may lose a socket without a `$disconnect`: what is posted to it gets 410."""
    table, tables = f"{stack}-connections", aws.client("dynamodb")
    agent_id = ann.rest("GET", "/v1/me").json()["agent"]["id"]
    key = {"person": {"S": f"agent:{agent_id}"}, "connection_id": {"S": "gone-without-a-word="}}
    lease = {"N": str(int((time.time() + 60) * 1000))}
    tables.put_item(TableName=table, Item={**key, "of": key["person"], "lease_until": lease})
    cleo.say(session_id, "Still there?")
    ann.hear(lambda frame: frame.get("text") == "Still there?")
    until = time.monotonic() + PATIENCE_S
    while "Item" in tables.get_item(TableName=table, Key=key, ConsistentRead=True):
        assert time.monotonic() < until, "it is still remembered"
        time.sleep(0.2)


def what_an_event_missed_the_schedule_assigns(aws: Aws, stack: str, doors: Doors, ann: Visitor) -> None:
    """Ann accepts again without any function having heard of it: only the minute's round can find her."""
    ann.ask("set_routing_status", status="busy")
    dora = customer(doors)
    dora.connect()
    waiting = dora.ask("start_session", category_id="refunds", text="Anybody?")
    assert waiting["state"] == "queued", waiting
    agent_id = ann.rest("GET", "/v1/me").json()["agent"]["id"]
    aws.client("dynamodb").update_item(
        TableName=f"{stack}-agents",
        Key={"agent_id": {"S": agent_id}, "part": {"S": "profile"}},
        UpdateExpression="SET routing_status = :accepting",
        ExpressionAttributeValues={":accepting": {"S": "accepting"}},
    )
    until = time.monotonic() + SCHEDULE_S
    while dora.rest("GET", "/v1/widget/sessions/current").json()["state"] != "active":
        assert time.monotonic() < until, aws.last_words
        ann.ask("ping", visible=True)
        time.sleep(1)
    dora.ask("end_session", session_id=waiting["session_id"])


def files_go_by_signed_form_and_link(aws: Aws, outputs: dict[str, str]) -> None:
    bucket, key, s3 = outputs["FilesBucketName"], f"{uuid4()}/picture.png", aws.client("s3")
    conditions = [{"Content-Type": "image/png"}, ["content-length-range", 1, 1000]]
    form = s3.generate_presigned_post(
        bucket, key, Fields={"Content-Type": "image/png"}, Conditions=conditions, ExpiresIn=60
    )
    sent = httpx.post(form["url"], data=form["fields"], files={"file": b"a picture"}, timeout=PATIENCE_S)
    assert sent.status_code == 204, sent.text
    too_large = httpx.post(form["url"], data=form["fields"], files={"file": b"x" * 1001}, timeout=PATIENCE_S)
    assert too_large.status_code == 400, too_large.text
    unsigned = {name: value for name, value in form["fields"].items() if name in {"key", "Content-Type"}}
    assert httpx.post(form["url"], data=unsigned, files={"file": b"x"}, timeout=PATIENCE_S).status_code == 403
    link = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": key}, ExpiresIn=60)
    assert httpx.get(link, timeout=PATIENCE_S).content == b"a picture"
    assert httpx.get(link.partition("?")[0], timeout=PATIENCE_S).status_code == 403


def a_session_starts_and_is_assigned(ann: Visitor, cleo: Visitor) -> str:
    ann.connect()
    cleo.connect()
    session = cleo.ask("start_session", category_id="orders", text="Where is my order?")
    assert session["state"] == "active", session
    for person in (ann, cleo):
        person.catch_up(session["session_id"])
    return str(session["session_id"])


def both_say_and_hear(ann: Visitor, cleo: Visitor, session_id: str) -> None:
    first = ann.say(session_id, "Let me look.", client_id="ann-1")
    again = ann.say(session_id, "Let me look.", client_id="ann-1", after=first["seq"] - 1)
    assert (again["seq"], again["message_id"]) == (first["seq"], first["message_id"])
    cleo.hear(lambda frame: frame.get("text") == "Let me look.")
    cleo.say(session_id, "Thank you!")
    ann.hear(lambda frame: frame.get("text") == "Thank you!")


def what_was_missed_is_caught_up_with(ann: Visitor, cleo: Visitor, session_id: str) -> None:
    ann.drop()
    missed = cleo.say(session_id, "Are you there?")
    ann.connect(session_id)
    ann.catch_up(session_id)
    assert ann.log[missed["seq"]]["text"] == "Are you there?"


def texts_of(person: Visitor, session_id: str) -> list[str]:
    person.catch_up(session_id)
    assert person.doubled == []
    return [person.log[seq]["text"] for seq in range(1, len(person.log) + 1)]


def a_picture_is_taken_looked_at_and_given_out(
    aws: Aws, outputs: dict[str, str], ann: Visitor, cleo: Visitor, session_id: str
) -> None:
    content = png(2, 2)
    new = {"session_id": session_id, "name": "receipt.png", "size": len(content), "kind": "image"}
    opened = cleo.rest("POST", "/v1/attachments", new).raise_for_status().json()
    form = opened["upload"]
    in_the_clear = httpx.post(form["url"], data=form["fields"], files={"file": content}, timeout=PATIENCE_S)
    assert in_the_clear.status_code == 403, "the bucket takes what did not come over TLS"
    let_in_what_is_not_encrypted(aws, outputs["FilesBucketName"])
    sent = httpx.post(form["url"], data=form["fields"], files={"file": content}, timeout=PATIENCE_S)
    assert sent.status_code == 204, sent.text
    about = f"/v1/attachments/{opened['attachment_id']}"
    taken = cleo.rest("POST", f"{about}/complete", {}).raise_for_status().json()
    assert taken["content_type"] == "image/png"
    said = cleo.ask(
        "send_message",
        session_id=session_id,
        kind="image",
        attachment_id=opened["attachment_id"],
        after=cleo.contiguous,
    )
    assert said["type"] == "accepted", said
    link = ann.rest("GET", f"{about}/link").raise_for_status().json()["url"]
    assert link.startswith(f"{outputs['FilesUrl']}/")
    # CloudFront would ask S3 by the signed rest of the address; the stand-in's doesn't let an unsigned origin be asked
    given = httpx.get(aws.address + link.removeprefix(outputs["FilesUrl"]), timeout=PATIENCE_S)
    assert given.headers["content-type"] == "image/png"
    assert given.content.startswith(b"\x89PNG")


def let_in_what_is_not_encrypted(aws: Aws, bucket: str) -> None:
    """The stand-in is asked without TLS, which the bucket's policy rightly refuses: here it's lifted, to see the rest."""
    s3 = aws.client("s3")
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    s3.delete_bucket_policy(Bucket=bucket)


def png(width: int, height: int) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\0\0\0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def it_is_ended_filed_and_found(ann: Visitor, session_id: str) -> str:
    """The service number it is found by."""
    assert ann.ask("end_session", session_id=session_id)["type"] == "accepted"
    filing = {"option_id": "orders.where", "fields": {}, "note": "It was at the neighbour's."}
    filed: dict[str, Any] = (
        ann.rest("POST", f"/v1/sessions/{session_id}/disposition", filing).raise_for_status().json()
    )
    assert filed["state"] == "closed"
    found = ann.rest("GET", "/v1/sessions", tab="closed", number=filed["number"]).raise_for_status().json()
    assert [item["session_id"] for item in found["items"]] == [session_id]
    return str(filed["number"])


def refused_by_policies(aws: Aws) -> list[str]:
    """What the functions were not allowed: those that go on without it say so in their own logs."""
    logs = aws.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    events = [
        event["message"] for group in groups for event in logs.filter_log_events(logGroupName=group)["events"]
    ]
    assert any("request_id" in event for event in events), "the functions' logs are empty"
    return [line for line in (*events, *aws.said) if "not authorized" in line or "AccessDenied" in line]


def nothing_is_left(aws: Aws) -> None:
    assert aws.client("dynamodb").list_tables()["TableNames"] == []
    assert aws.client("s3").list_buckets()["Buckets"] == []
    assert aws.client("lambda").list_functions()["Functions"] == []
    assert aws.client("ssm").describe_parameters()["Parameters"] == []
    assert aws.client("apigatewayv2").get_apis()["Items"] == []
    assert aws.client("apigateway").get_rest_apis()["items"] == []
    assert aws.client("sqs").list_queues().get("QueueUrls", []) == []
