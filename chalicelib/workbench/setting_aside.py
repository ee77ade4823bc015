"""Spam, tests and blocks: a session that is none of ours to serve ends, is filed by itself, and stands in no figure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.customers.blocks import LONGEST, USUAL, Blocked, BlockStore
from chalicelib.customers.model import Customer
from chalicelib.customers.store import CustomerStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import Invalid
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Write
from chalicelib.kit.values import AgentId, CustomerId, SessionId
from chalicelib.protocol.acts import Block, NewBlock
from chalicelib.protocol.values import AgentBrief, Session as SessionRead, SystemLine
from chalicelib.sessions.acquaintance import Acquaintance
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.reading import for_staff
from chalicelib.sessions.service import May, anyone, freed_for_another
from chalicelib.sessions.store import Read
from chalicelib.sessions.supervising import Aside, set_aside, set_aside_line
from chalicelib.workbench.service import Ground, party

AS_SPAM: Final = NewBlock(reason="Spam")


class SettingAside:
    def __init__(self, ground: Ground, customers: CustomerStore, blocks: BlockStore) -> None:
        self._on = ground
        self._customers = customers
        self._blocks = blocks
        self._known = Acquaintance(ground.access, ground.store)

    def spam(self, caller: Caller, session_id: SessionId) -> SessionRead:
        """It is over, and its customer is kept out for a week."""
        session = self._set_aside(caller, session_id, "spam", self._on.access.may(caller, "session.spam"))
        self._block(caller, session.customer_id, AS_SPAM)
        return self._read(session_id)

    def test(self, caller: Caller, session_id: SessionId) -> SessionRead:
        """It was one of us who tried something."""
        self._set_aside(caller, session_id, "test", self._on.access.may(caller, "session.spam"))
        return self._read(session_id)

    def block(self, caller: Caller, session_id: SessionId, new: NewBlock) -> SessionRead:
        """Its customer is kept out, and whatever they have going on ends."""
        _in_time(new.until, self._on.clock())
        may = self._on.access.may(caller, "session.block")
        session = self._on.sessions.get(session_id, may).session
        self._kept_out(caller, session.customer_id, new)
        return self._read(session_id)

    def block_customer(self, caller: Caller, customer_id: CustomerId, new: NewBlock) -> Block:
        """Blocked already: until the time now said."""
        _in_time(new.until, self._on.clock())
        self._known.may(caller, "customer.block", customer_id)
        return self._kept_out(caller, customer_id, new)

    def unblock(self, caller: Caller, customer_id: CustomerId) -> None:
        self._known.may(caller, "customer.block", customer_id)
        self._customers.get(customer_id)
        self._blocks.lift(customer_id, self._on.ids.new())

    def blocked(self, limit: int, cursor: str | None) -> Slice[Block]:
        page = self._blocks.page(self._on.clock(), limit, cursor)
        return Slice([_read(b) for b in page.items], page.next_cursor)

    def _kept_out(self, caller: Caller, customer_id: CustomerId, new: NewBlock) -> Block:
        """First nothing more can begin, then what goes on ends."""
        block = self._block(caller, customer_id, new)
        for session_id in self._customers.live_sessions(customer_id):
            try:
                self._set_aside(caller, session_id, "blocked", anyone)
            except NoSuchSession:
                continue
        return block

    def _block(self, caller: Caller, customer_id: CustomerId, new: NewBlock) -> Block:
        now = self._on.clock()
        customer: Customer = self._customers.get(customer_id)
        block = Blocked(
            customer_id=customer.id,
            name=customer.name,
            reason=new.reason.strip(),
            blocked_at=now,
            until=new.until or now + USUAL,
            by=_brief(caller),
        )
        self._blocks.block(customer, block, self._on.ids.new())
        return _read(block)

    def _set_aside(self, caller: Caller, session_id: SessionId, reason: Aside, may: May) -> Session:
        on, now = self._on, self._on.clock()
        over = on.sessions.get(session_id, may).session.over

        def decide(read: Read) -> tuple[Session, SystemLine]:
            after = set_aside(read.session, reason, _brief(caller), now)
            return after, set_aside_line(read.session, reason, caller.name)

        moved = on.sessions.move(session_id, party(caller), may, decide, also=_freed_if_live, staff=over)
        on.telling.changed_for(moved.before.agent, moved.after)
        on.archive.ended(moved)
        return moved.after

    def _read(self, session_id: SessionId) -> SessionRead:
        return for_staff(self._on.store.tail(session_id))


def _freed_if_live(before: Session, after: Session) -> Sequence[Write]:
    return () if before.over else freed_for_another(before, after)


def _brief(caller: Caller) -> AgentBrief:
    return AgentBrief(id=AgentId(caller.id), name=caller.name)


def _in_time(until: datetime | None, now: datetime) -> None:
    if until is not None and not now < until <= now + LONGEST:
        raise Invalid(
            "A block ends later than now, and within a year.", errors=(("until", "is past or too far off"),)
        )


def _read(block: Blocked) -> Block:
    return Block(
        id=block.customer_id,
        customer_id=block.customer_id,
        name=block.name,
        reason=block.reason,
        blocked_at=block.blocked_at,
        until=block.until,
        by=block.by,
    )
