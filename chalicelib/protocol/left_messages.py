"""Left messages: what a customer leaves while nobody can serve them, and how it is answered."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.protocol.asked import Asked
from chalicelib.protocol.values import OpaqueId

EmailAddress = Annotated[
    str,
    StringConstraints(
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))+$",
    ),
]
"""As a browser's own e-mail field takes it: nothing in it can end a header or begin another."""
PhoneNumber = Annotated[str, StringConstraints(max_length=30, pattern=r"^\+?(?:[ ()./-]?[0-9]){5,20}$")]


class Contact(Asked):
    """How somebody can be reached who is not here."""

    email: EmailAddress | None = None
    phone: PhoneNumber | None = None

    @property
    def known(self) -> bool:
        return bool(self.email or self.phone)


class NewLeftMessage(Asked):
    """`contact`: asked of whoever is not signed in on the site, or whose site does not tell it."""

    category_id: OpaqueId | None = None
    text: Annotated[str, Field(min_length=1, max_length=5_000)]
    contact: Contact = Contact()
    attachment_ids: Annotated[list[OpaqueId], Field(max_length=10)] = []


class LeavingQueue(Asked):
    """`leave` ends it; `leave_message` makes a left message of what was said, with how to reach them."""

    choice: Literal["leave", "leave_message"]
    contact: Contact = Contact()


class NewAnswer(Asked):
    """`email` and `next_visit` carry the text to the customer; of a call it says what was spoken about, to staff."""

    by: Literal["email", "call", "next_visit"]
    text: Annotated[str, Field(max_length=5_000)] = ""


class LeftRule(Asked):
    """`due_s`: how soon a left message should be answered, in business hours. `share`: the part of an agent's slots that left messages
    take at most when they are handed out.
    """

    due_s: Annotated[int, Field(ge=60, le=30 * 24 * 3600)] = 4 * 3600
    share: Annotated[float, Field(ge=0, le=1)] = 0.25
