"""What one machine's stand-in can be told from the environment, beside chalicelib's own settings."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from infra.local.trouble import CannotStart

LOOPBACK = {"127.0.0.1", "localhost"}
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  (recognised, not bound to unless asked)


def _setting(name: str, default: str, meaning: str) -> Any:
    """A field read from the environment variable `name`."""
    return field(default=default, metadata={"name": name, "meaning": meaning})


@dataclass(frozen=True)
class LocalSettings:
    """Texts as given; the properties are what they mean, and raise CannotStart where they mean nothing."""

    port_text: str = _setting("PORT", "8787", "the port everything is served on")
    host: str = _setting("HOST", "127.0.0.1", "the address to listen on, and the name to be called by")
    data: str = _setting("DESKBELL_DATA", ".deskbell", "the folder of this machine's data")
    demo: str = _setting("DESKBELL_DEMO", "1", "`0` starts empty but for the owner")
    owner_email: str = _setting("DESKBELL_OWNER_EMAIL", "", "the first owner's e-mail address")
    owner_password: str = _setting(
        "DESKBELL_OWNER_PASSWORD", "", "the first owner's password; else a random one"
    )
    smtp: str = _setting(
        "DESKBELL_SMTP",
        "",
        "the server that carries e-mail, `smtp://user:password@host:587`; without it e-mail lies in the data folder's `mail`",
    )
    idle_text: str = _setting(
        "DESKBELL_SOCKET_IDLE_S", "600", "after how many idle seconds a socket is closed"
    )
    life_text: str = _setting("DESKBELL_SOCKET_LIFE_S", "7200", "after how many seconds any socket is closed")
    schedule_text: str = _setting(
        "DESKBELL_SCHEDULE_S",
        "",
        "run every scheduled function this often, in seconds, instead of by its rate",
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "LocalSettings":
        """A variable that is set to nothing counts as not set."""
        return cls(**{f.name: environment.get(f.metadata["name"]) or f.default for f in fields(cls)})  # type: ignore[arg-type]

    def check(self) -> None:
        """Raises CannotStart for the first text that means nothing."""
        for meaning in ("port", "socket_idle_s", "socket_life_s", "schedule_s"):
            getattr(self, meaning)

    @property
    def port(self) -> int:
        if not self.port_text.isdigit() or not 0 < int(self.port_text) < 2**16:
            raise CannotStart(f"PORT={self.port_text} is no port: give a number from 1 to 65535.")
        return int(self.port_text)

    @property
    def data_folder(self) -> Path:
        return Path(self.data).absolute()

    @property
    def with_demo(self) -> bool:
        return self.demo != "0"

    @property
    def socket_idle_s(self) -> float:
        return _seconds("DESKBELL_SOCKET_IDLE_S", self.idle_text)

    @property
    def socket_life_s(self) -> float:
        return _seconds("DESKBELL_SOCKET_LIFE_S", self.life_text)

    @property
    def schedule_s(self) -> float | None:
        return _seconds("DESKBELL_SCHEDULE_S", self.schedule_text) if self.schedule_text else None

    @property
    def on_loopback(self) -> bool:
        return self.host in LOOPBACK

    @property
    def host_names(self) -> frozenset[str] | None:
        """The names this server answers to, with the port; None for whatever it is called by.

        Listening everywhere, its names can't be known here: whoever sets that answers for what reaches it.
        """
        if self._listens_everywhere:
            return None
        names = LOOPBACK if self.on_loopback else {self._name}
        bare = names if self.port == 80 else set()  # noqa: PLR2004  (the port browsers leave out)
        return frozenset({f"{name}:{self.port}" for name in names} | bare)

    @property
    def origin(self) -> str:
        """Where the console is: by it this server names itself."""
        by_loopback = self.on_loopback or self._listens_everywhere
        return f"http://{'127.0.0.1' if by_loopback else self._name}:{self.port}"

    @property
    def other_origin(self) -> str:
        """Where the panel and the files are: another origin on loopback, so that neither can reach the console.

        Empty (so that links are relative) when listening everywhere.
        """
        if self._listens_everywhere:
            return ""
        return f"http://{'localhost' if self.on_loopback else self._name}:{self.port}"

    @property
    def own_ancestors(self) -> str:
        """Who may frame the panel of any source: this server's own pages; on loopback any page of this machine, so that one's own
        site can be tried with it.
        """
        return "'self' http://127.0.0.1:* http://localhost:*" if self.on_loopback else "'self'"

    @property
    def site_fillings(self) -> dict[str, str]:
        """What the placeholders in the site's declared headers mean here; who may frame the panel, the request decides."""
        names = sorted(self.host_names or ())
        return {
            "sockets": " ".join(f"ws://{name}" for name in names),
            "files": self.other_origin,
            "widget": self.other_origin,
        }

    @property
    def _listens_everywhere(self) -> bool:
        return self.host in _EVERYWHERE

    @property
    def _name(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise CannotStart(f"{name}={text} is no duration: give seconds, more than 0.")
    return seconds
