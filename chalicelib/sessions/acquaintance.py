"""Which customers an agent may look at: those of whom a talk lies in their reach. A customer belongs where their talks are."""

from chalicelib.customers.model import NoSuchCustomer
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import NotAllowed
from chalicelib.kit.values import CustomerId
from chalicelib.permissions.model import scopes
from chalicelib.sessions.access import Access
from chalicelib.sessions.model import NoSuchSession
from chalicelib.sessions.store import SessionStore

NEWEST = 10
"""Talks of a customer that are looked at, the newest first: a Query, and a read for each until one is found."""


class Acquaintance:
    def __init__(self, access: Access, store: SessionStore) -> None:
        self._access = access
        self._store = store

    def may(self, caller: Caller, permission: str, customer_id: CustomerId) -> None:
        """Raises NoSuchCustomer. Whose grant is of the whole house pays for no look."""
        if "all" in scopes(caller.role_ids, permission):
            return
        check = self._access.may(caller, permission)
        for session_id in self._store.of_customer(customer_id, NEWEST).items:
            try:
                check(self._store.tail(session_id, consistent=False).session)
            except (NoSuchSession, NotAllowed):
                continue
            return
        raise NoSuchCustomer("There is no such customer.")
