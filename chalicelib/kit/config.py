"""What can be set from the environment: names, defaults and meanings, once. README's table is compared with it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields


def _setting(name: str, default: str, meaning: str) -> str:
    """A field read from the environment variable `name`."""
    return field(default=default, metadata={"name": name, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """What Lambda's functions read. What only one machine's stand-in reads is in `infra/local/settings.py`."""

    table_prefix: str = _setting("DESKBELL_TABLES", "deskbell-", "what the tables' names begin with")
    socket_url: str = _setting(
        "DESKBELL_SOCKET_URL", "", "where clients open their socket; `{host}` is the asker's own host"
    )
    limits: str = _setting(
        "DESKBELL_LIMITS",
        "",
        "`off` lifts all rate limits; `messages=30/10,sign_in=5/300` changes those named (most/seconds)",
    )
    edge_key: str = _setting(
        "DESKBELL_EDGE_KEY", "", "what CloudFront shows REST, to be believed about who asks"
    )
    mail_from: str = _setting(
        "DESKBELL_MAIL_FROM", "", "the address e-mail is sent from, `Name <address>` or the address alone"
    )
    log: str = _setting("DESKBELL_LOG", "", "`json` logs one JSON line an invocation on one machine too")

    call_provider: str = _setting(
        "DESKBELL_CALL_PROVIDER", "tel", "who dials when nobody says: `tel`, `amazon_connect` or `http`"
    )
    connect_instance: str = _setting(
        "DESKBELL_CONNECT_INSTANCE", "", "the Amazon Connect instance that dials, by its id"
    )
    connect_flow: str = _setting("DESKBELL_CONNECT_FLOW", "", "the contact flow that a call begins with")
    connect_number: str = _setting("DESKBELL_CONNECT_NUMBER", "", "the number of ours that it shows")
    call_url: str = _setting("DESKBELL_CALL_URL", "", "the https address asked to dial, for `http`")
    call_secret: str = _setting("DESKBELL_CALL_SECRET", "", "what that request is signed with")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        return cls(**{f.name: environment.get(f.metadata["name"], f.default) for f in fields(cls)})  # type: ignore[arg-type]
