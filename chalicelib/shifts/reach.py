"""Whose rosters and requests somebody may see or change."""

from chalicelib.gateway.caller import Caller
from chalicelib.permissions.model import reads_others, scopes
from chalicelib.shifts.model import NoSuchShift


def reaches_others(caller: Caller, permission: str) -> bool:
    return reads_others(scopes(caller.role_ids, permission))


def must_reach(caller: Caller, permission: str, agent_id: str) -> None:
    """What somebody may not see does not exist."""
    if agent_id != caller.id and not reaches_others(caller, permission):
        raise NoSuchShift("There is nothing of that name.")
