"""The cloud's outside: one botocore session, one client a service, made while Lambda starts a function."""

import math
import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote, urlsplit

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.kit.clock import machine_clock
from chalicelib.kit.config import Settings
from chalicelib.kit.outside import (
    Dialler,
    DiallerRefused,
    FileFacts,
    Gone,
    MailRefused,
    NoSuchFile,
    Outside,
    SigningKeys,
    Upload,
)

_POOL = 16
_LONGEST_DELAY_S = 900
"""As long as SQS keeps a message back."""
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


class S3Files:
    """The stack's bucket. `origin` stands in links in place of S3's own: the one that gives files out with their headers.

    S3's signature covers the bucket's host, which CloudFront asks by. The client is made when a function first needs it: most
    never do, and it is the dearest of all to make.
    """

    _GONE = frozenset({"404", "NoSuchKey", "PreconditionFailed", "412"})

    def __init__(self, client: Callable[[], Any], bucket: str, origin: str) -> None:
        self._make_client = client
        self._bucket = bucket
        self._origin = origin

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def form(self, key: str, *, largest: int, lasts: timedelta) -> Upload:
        kind = {"Content-Type": "application/octet-stream"}
        form = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields=kind,
            Conditions=[kind, ["content-length-range", 1, largest]],
            ExpiresIn=int(lasts.total_seconds()),
        )
        return Upload(form["url"], form["fields"])

    def link(self, key: str, *, name: str, inline: bool, lasts: timedelta) -> str:
        how = "inline" if inline else "attachment"
        url: str = self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
                "ResponseCacheControl": f"private, max-age={int(lasts.total_seconds())}",
            },
            ExpiresIn=int(lasts.total_seconds()),
        )
        return (
            self._origin + url.removeprefix("{0.scheme}://{0.netloc}".format(urlsplit(url)))
            if self._origin
            else url
        )

    def look(self, key: str) -> FileFacts | None:
        try:
            found = self._asked("head_object", Key=key)
        except NoSuchFile:
            return None
        return FileFacts(found["ContentLength"], found["ETag"])

    def read(self, key: str, version: str, first: int, count: int) -> bytes:
        found = self._asked(
            "get_object", Key=key, IfMatch=version, Range=f"bytes={first}-{first + count - 1}"
        )
        content: bytes = found["Body"].read()
        return content

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self._asked("put_object", Key=key, Body=content, ContentType=content_type)

    def copy(self, key: str, version: str, to: str, content_type: str) -> None:
        self._asked(
            "copy_object",
            Key=to,
            CopySource={"Bucket": self._bucket, "Key": key},
            CopySourceIfMatch=version,
            ContentType=content_type,
            MetadataDirective="REPLACE",
        )

    def delete(self, key: str) -> None:
        self._asked("delete_object", Key=key)

    def _asked(self, operation: str, **facts: Any) -> Any:
        try:
            return getattr(self._client, operation)(Bucket=self._bucket, **facts)
        except ClientError as error:
            if error.response["Error"]["Code"] in self._GONE:
                raise NoSuchFile(facts["Key"]) from error
            raise


class QueuedLater:
    """The stack's queue of deadlines, whose messages wait for their time there.

    Its client is made when a function first needs it, and its address is of the stack: a function that has none asks nobody.
    """

    def __init__(self, client: Callable[[], Any], url: str) -> None:
        self._make_client = client
        self._url = url

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def look(self, session_id: str, after: timedelta) -> None:
        if self._url:
            delay_s = min(_LONGEST_DELAY_S, math.ceil(after.total_seconds()))
            self._client.send_message(QueueUrl=self._url, MessageBody=session_id, DelaySeconds=delay_s)


class AmazonConnect:
    """Calls through an instance of Amazon Connect. The client is made when somebody first calls: few functions ever do."""

    _WORDS: Final = {
        "DestinationNotAllowedException": "Amazon Connect may not call this country.",
        "OutboundContactNotPermittedException": "Amazon Connect may not call out.",
        "LimitExceededException": "too many calls at once.",
        "InvalidParameterException": "Amazon Connect does not take this number.",
        "ResourceNotFoundException": "the instance or its flow is not there.",
    }

    def __init__(self, client: Callable[[], Any], *, instance: str, flow: str, number: str) -> None:
        self._make_client = client
        self._instance = instance
        self._flow = flow
        self._number = number

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def start(self, call_id: str, number: str, about: Mapping[str, str]) -> str | None:
        try:
            answer = self._client.start_outbound_voice_contact(
                DestinationPhoneNumber=number,
                ContactFlowId=self._flow,
                InstanceId=self._instance,
                SourcePhoneNumber=self._number,
                ClientToken=call_id,
                Attributes=dict(about),
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise DiallerRefused(self._WORDS.get(code, f"Amazon Connect answered {code}.")) from error
        return str(answer["ContactId"])


def diallers(settings: Settings, connect: Callable[[], Any]) -> dict[str, Dialler]:
    """Those that are set up whole."""
    found: dict[str, Dialler] = {}
    if settings.connect_instance and settings.connect_flow and settings.connect_number:
        found["amazon_connect"] = AmazonConnect(
            connect,
            instance=settings.connect_instance,
            flow=settings.connect_flow,
            number=settings.connect_number,
        )
    return found


def s3_files(
    session: Any, config: Config, region: str, *, bucket: str, origin: str, stand_in: str | None
) -> S3Files:
    """By the bucket's own host in its region, as forms and links need it; a stand-in of S3 is asked by paths."""
    how = {"addressing_style": "path" if stand_in else "virtual", "us_east_1_regional_endpoint": "regional"}
    config = config.merge(Config(signature_version="s3v4", s3=how))

    def client() -> Any:
        return session.create_client("s3", region_name=region, endpoint_url=stand_in, config=config)

    return S3Files(client, bucket, origin)


class SesMailer:
    """Amazon SES. The client is made when a function first sends."""

    _FOR_GOOD = frozenset({"MessageRejected", "InvalidParameterValue"})

    def __init__(self, client: Callable[[], Any]) -> None:
        self._make_client = client

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def send(self, mail_id: str, recipient: str, content: bytes) -> None:
        """What stands in the letter says from whom; SES refuses an address that the account has not verified."""
        try:
            self._client.send_raw_email(Destinations=[recipient], RawMessage={"Data": content})
        except ClientError as error:
            if error.response["Error"]["Code"] in self._FOR_GOOD:
                raise MailRefused(error.response["Error"]["Code"]) from error
            raise

    def forget(self, mail_id: str) -> None:
        """It was carried away."""


def outside() -> Outside:
    """From the function's environment."""
    session = botocore.session.get_session()
    config = Config(
        max_pool_connections=_POOL,
        connect_timeout=2,
        read_timeout=8,
        retries={"total_max_attempts": 3, "mode": "standard"},
    )

    region = os.environ.get("AWS_REGION", "us-east-1")

    def client(service: str, address: str | None = None) -> Any:
        return session.create_client(service, region_name=region, endpoint_url=address, config=config)

    settings = Settings.from_environment()
    kept_at = os.environ.get("DESKBELL_SIGNING_KEYS")
    return Outside(
        dynamo=client("dynamodb"),
        sockets=ApiGatewaySockets(
            client("apigatewaymanagementapi", os.environ.get("DESKBELL_CONNECTIONS_URL") or None)
        ),
        files=s3_files(
            session,
            config,
            region,
            bucket=os.environ.get("DESKBELL_FILES_BUCKET", ""),
            origin=os.environ.get("DESKBELL_FILES_URL", ""),
            stand_in=os.environ.get("DESKBELL_S3_URL") or None,
        ),
        keys=_kept(client("ssm"), kept_at) if kept_at else _NO_KEYS,
        settings=settings,
        clock=machine_clock,
        machine_clock=machine_clock,
        diallers=diallers(settings, lambda: client("connect")),
        mail=SesMailer(lambda: client("ses")) if settings.mail_from else None,
        later=QueuedLater(lambda: client("sqs"), os.environ.get("DESKBELL_OFFER_DEADLINES", "")),
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
