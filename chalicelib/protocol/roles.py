"""Roles, as REST tells them."""

from chalicelib.kit.values import Value
from chalicelib.protocol.rest import Granted


class AgentRole(Value):
    """What somebody of this role may do. A built-in one has its name for an id, and stays as it is."""

    id: str
    version: int = 1
    name: str
    built_in: bool = True
    grants: list[Granted]
