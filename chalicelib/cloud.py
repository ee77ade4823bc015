"""The cloud's outside: one botocore session, one client a service, made while Lambda starts a function."""

import os
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.kit.clock import machine_clock
from chalicelib.kit.config import Settings
from chalicelib.kit.outside import Gone, Outside, SigningKeys

_POOL = 16


class ApiGatewaySockets:
    """`@connections` of the stack's websocket API."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def post(self, connection_id: str, frame: str) -> None:
        self._call(self._client.post_to_connection, ConnectionId=connection_id, Data=frame.encode())

    def close(self, connection_id: str) -> None:
        self._call(self._client.delete_connection, ConnectionId=connection_id)

    @staticmethod
    def _call(operation: Any, **facts: Any) -> None:
        try:
            operation(**facts)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 410:  # noqa: PLR2004  # Gone
                raise Gone from error
            raise


def outside() -> Outside:
    """From the function's environment: keys as `kid=hex` pairs, the current one first, in DESKBELL_SIGNING_KEYS."""
    session = botocore.session.get_session()
    config = Config(
        max_pool_connections=_POOL,
        connect_timeout=2,
        read_timeout=8,
        retries={"total_max_attempts": 3, "mode": "standard"},
    )
    region = os.environ.get("AWS_REGION", "us-east-1")
    sockets = session.create_client(
        "apigatewaymanagementapi",
        region_name=region,
        endpoint_url=os.environ.get("DESKBELL_CONNECTIONS_URL") or None,
        config=config,
    )
    pairs = [pair.partition("=") for pair in os.environ["DESKBELL_SIGNING_KEYS"].split(",")]
    return Outside(
        dynamo=session.create_client("dynamodb", region_name=region, config=config),
        sockets=ApiGatewaySockets(sockets),
        keys=SigningKeys(pairs[0][0], {kid: bytes.fromhex(key) for kid, _, key in pairs}),
        settings=Settings.from_environment(),
        clock=machine_clock,
        machine_clock=machine_clock,
    )
