"""Agents as an admin makes and changes them, and invitations."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.asked import Asked, Change
from chalicelib.protocol.labels import Name
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.values import OpaqueId


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is no IANA time zone; give a name like Europe/Berlin") from error


Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, max_length=320, pattern=r"^[^@\s]{1,64}@[^@\s]{1,255}$"
    ),
]
Password = Annotated[str, Field(min_length=8, max_length=256)]
TimeZone = Annotated[str, Field(max_length=60), AfterValidator(_known_zone)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 ()./-]{3,40}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$")]
Skills = Annotated[list[SkillLevel], Field(max_length=50)]


class AgentRules(Value):
    """`alias` is the name that customers see. `capacity`: how many sessions at once."""

    alias: Name
    unit_id: OpaqueId | None = None
    capacity: Annotated[int, Field(ge=1, le=100)] = 4
    time_zone: TimeZone = "UTC"
    skills: Skills = []
    languages: Annotated[list[Language], Field(max_length=20)] = []
    phone: Phone | None = None
    employee_no: Annotated[str, Field(min_length=1, max_length=40)] | None = None


class NewAgent(Asked, AgentRules):
    """Somebody who shall work here. Without a password an invitation is due."""

    email: Email
    password: Password | None = None
    role_ids: Annotated[list[OpaqueId], Field(min_length=1, max_length=20)] = ["agent"]


class AgentChange(Change, AgentRules):
    """What is named is changed; the rest stays."""

    alias: Name = ""
    email: Email = ""
    role_ids: Annotated[list[OpaqueId], Field(min_length=1, max_length=20)] = ["agent"]


class ProfileChange(Change):
    """What everybody may change of themselves. What is named is changed; the rest stays."""

    alias: Name = ""
    time_zone: TimeZone = "UTC"
    languages: Annotated[list[Language], Field(max_length=20)] = []
    phone: Phone | None = None


class SkillsHeld(Asked):
    """All of an agent's skills: those that are not named are held no more."""

    skills: Skills


class Disabling(Asked):
    """What becomes of the sessions on the desk: back to their queues, or to the colleague `to`. An empty desk needs no word."""

    sessions: Literal["requeue", "hand_to"] | None = None
    to: OpaqueId | None = None


class Releasing(Asked):
    """`to`: `requeue`, or the id of the colleague who goes on."""

    to: OpaqueId


class Invitation(Value):
    """Whoever opens the link sets a password and is signed in, once, until it expires. A later one takes its place."""

    link: str
    expires_at: Instant


class AcceptInvitation(Asked):
    token: Annotated[str, Field(min_length=1, max_length=500)]
    password: Password


class NewSkill(Asked):
    """A skill. Its name is what it is known by."""

    name: Annotated[Name, Field(max_length=60)]


class Skill(Value):
    id: str
    version: int
    name: str
