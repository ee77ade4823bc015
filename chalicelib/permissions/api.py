"""The roles there are, and what can be granted at all."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.errors import NotFound
from chalicelib.permissions.model import PERMISSIONS, ROLES, SCOPES
from chalicelib.protocol.rest import Granted, Page
from chalicelib.protocol.roles import AgentRole


class NoSuchRole(NotFound):
    """No role of that name."""

    code = "not_found"


def routes() -> Routes:
    on = Routes()

    @on.get("/v1/roles", allow="role.read", answers=Page[AgentRole])
    def list_roles(caller: Caller) -> Page[AgentRole]:
        """Those that are built in; there are no others yet."""
        return Page(items=[_role(name) for name in ROLES])

    @on.get("/v1/roles/{role_id}", allow="role.read", answers=AgentRole)
    def get_role(caller: Caller, role_id: str) -> AgentRole:
        if role_id not in ROLES:
            raise NoSuchRole("There is no such role.")
        return _role(role_id)

    @on.get("/v1/permissions", allow="role.read", answers=Page[Granted])
    def list_permissions(caller: Caller) -> Page[Granted]:
        """Each in the widest scope it can be granted in."""
        return Page(items=[Granted(permission=p, scope=SCOPES[-1]) for p in PERMISSIONS])

    return on


def _role(name: str) -> AgentRole:
    grants = [Granted(permission=g.permission, scope=g.scope) for g in ROLES[name]]
    return AgentRole(id=name, name=name.capitalize(), grants=grants)
