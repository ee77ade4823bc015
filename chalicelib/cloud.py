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
_NO_KEYS = SigningKeys("", {})
"""Of a function that signs nothing, and of packaging, which imports the app where no secrets are."""


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
    """From the function's environment."""
    session = botocore.session.get_session()
    config = Config(
        max_pool_connections=_POOL,
        connect_timeout=2,
        read_timeout=8,
        retries={"total_max_attempts": 3, "mode": "standard"},
    )

    def client(service: str, address: str | None = None) -> Any:
        region = os.environ.get("AWS_REGION", "us-east-1")
        return session.create_client(service, region_name=region, endpoint_url=address, config=config)

    kept_at = os.environ.get("DESKBELL_SIGNING_KEYS")
    return Outside(
        dynamo=client("dynamodb"),
        sockets=ApiGatewaySockets(
            client("apigatewaymanagementapi", os.environ.get("DESKBELL_CONNECTIONS_URL") or None)
        ),
        keys=_kept(client("ssm"), kept_at) if kept_at else _NO_KEYS,
        settings=Settings.from_environment(),
        clock=machine_clock,
        machine_clock=machine_clock,
    )


def _kept(parameters: Any, name: str) -> SigningKeys:
    """From a SecureString, so that no key stands in a template or in a function's settings, where more people read.

    `name` carries the version: with a new one every function starts anew, and none goes on with old keys.
    """
    return signing_keys(parameters.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


def signing_keys(text: str) -> SigningKeys:
    """From `kid=hex,kid=hex`, the current one first."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    return SigningKeys(pairs[0][0], {kid: bytes.fromhex(key) for kid, _, key in pairs})
