"""Calling out, and what became of it. Load → decide → save → tell; dialling comes after saving, so that no call is made that nobody knows of."""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.calls.model import (
    MOST_CALLS,
    Call,
    CallNotPlaced,
    NumberHidden,
    NumberUnknown,
    ProviderMissing,
    TooManyCalls,
    e164,
    masked_number,
)
from chalicelib.calls.store import CallStore, begun, gone_on
from chalicelib.customers.store import CustomerStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.ids import Ids
from chalicelib.kit.log import Log
from chalicelib.kit.outside import Dialler, DiallerRefused
from chalicelib.kit.table import Write
from chalicelib.kit.values import AgentId, SessionId
from chalicelib.protocol.calls import Call as CallRead, CallChange, CallProvider, NewCall
from chalicelib.protocol.values import AgentBrief, SystemLine
from chalicelib.sessions.access import Access, NotYours
from chalicelib.sessions.entries import SYSTEM, Party
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import Sessions, anyone
from chalicelib.sessions.store import Read


class Calls:
    def __init__(
        self,
        store: CallStore,
        sessions: Sessions,
        customers: CustomerStore,
        access: Access,
        diallers: Mapping[str, Dialler],
        usual: CallProvider,
        ids: Ids,
        clock: Clock,
        log: Log,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._customers = customers
        self._access = access
        self._diallers = diallers
        self._usual = usual
        self._ids = ids
        self._now = clock
        self._log = log

    def _may_see(self, caller: Caller, session: Session) -> bool:
        """Whether the number of this very customer may be shown to them."""
        try:
            self._access.may(caller, "customer.phone.view")(session)
        except (NoSuchSession, NotYours):
            return False
        return True

    def call(self, caller: Caller, session_id: SessionId, new: NewCall) -> CallRead:
        """From a session, a record or a left message. What whoever dials refuses stands on the timeline as failed."""
        session = self._sessions.get(session_id, self._access.may(caller, "session.call")).session
        if len(self._store.of(session_id)) >= MOST_CALLS:
            raise TooManyCalls(f"{MOST_CALLS} calls were made out of this conversation already.")
        provider: CallProvider = new.provider or self._usual
        shown = new.number is not None or self._may_see(caller, session)
        call = Call(
            id=self._ids.new(),
            session_id=session.id,
            customer_id=session.customer_id,
            agent=AgentBrief(id=AgentId(caller.id), name=caller.name),
            provider=provider,
            number=e164(new.number or self._known(session)),
            started_at=self._now(),
        )
        if provider == "tel":
            if not shown:
                raise NumberHidden(
                    "The customer's number is hidden from you, so your phone can't dial it. Type one, or call through who dials for us."
                )
            self._begin(caller, call)
            return call.read(link=True)
        dialler = self._diallers.get(provider)
        if dialler is None:
            raise ProviderMissing(f"Calling through {provider} is not set up here. An admin can do so.")
        self._begin(caller, call)
        return self._dialled(dialler, call).read()

    def _known(self, session: Session) -> str:
        """As they left it with this message, or as we know it."""
        phone = session.contact.phone if session.contact else None
        if not phone:
            customer = self._customers.find(session.customer_id)
            phone = customer.phone if customer else None
        if not phone:
            raise NumberUnknown("We know no phone number of this customer. Type one.")
        return phone

    def _begin(self, caller: Caller, call: Call) -> None:
        line = SystemLine(
            code="call_started", about={"number": masked_number(call.number), "provider": call.provider}
        )
        self._on_timeline(
            Party("agent", caller.id, caller.name), call.session_id, line, lambda: [begun(call)]
        )

    def _dialled(self, dialler: Dialler, call: Call) -> Call:
        about = {"session_id": call.session_id, "call_id": call.id, "version": str(call.version)}
        try:
            placed_as = dialler.start(call.id, call.number, about)
        except DiallerRefused as refused:
            self._store_failed(call)
            raise CallNotPlaced(f"The call was not placed: {refused}", retry_after_s=5) from refused
        except Exception as error:
            self._log(what="call", session_id=call.session_id, provider=call.provider, error=repr(error))
            self._store_failed(call)
            raise CallNotPlaced(
                "The call was not placed: whoever dials for us can't be reached.", retry_after_s=5
            ) from error
        placed = call.model_copy(update={"placed_as": placed_as})
        self._store.placed(placed)
        return self._store.get(call.session_id, call.id)

    def _store_failed(self, call: Call) -> None:
        failed = call.failed(self._now())
        self._on_timeline(SYSTEM, call.session_id, _ended_line(failed), lambda: [gone_on(failed)])

    def change(
        self, caller: Caller, session_id: SessionId, call_id: str, change: CallChange, version: int
    ) -> CallRead:
        """How it goes. That it is over stands on the timeline, once."""
        self._sessions.get(session_id, self._access.may(caller, "session.call"))
        call = self._store.get(session_id, call_id)
        if call.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        after = call.changed(change, self._now())
        if after.over and not call.over:
            by = Party("agent", caller.id, caller.name)
            self._on_timeline(by, session_id, _ended_line(after), lambda: [self._unchanged(after)])
        else:
            self._store.replace(after)
        return after.read()

    def _unchanged(self, after: Call) -> Write:
        """The write of the next version; looked at anew at each attempt, so that a lost race says who won."""
        if self._store.get(after.session_id, after.id).version != after.version - 1:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        return gone_on(after)

    def of(self, caller: Caller, session_id: SessionId) -> list[CallRead]:
        self._sessions.get(session_id, self._access.may(caller, "session.read"))
        return [call.read() for call in self._store.of(session_id)]

    def _on_timeline(
        self, by: Party, session_id: SessionId, line: SystemLine, writes: Callable[[], Sequence[Write]]
    ) -> None:
        now = self._now()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            return read.session.moved(now, check_at=read.session.check_at), line

        self._sessions.move(session_id, by, anyone, decide, also=lambda *_: writes(), staff=True)


def _ended_line(call: Call) -> SystemLine:
    return SystemLine(
        code="call_ended",
        about={
            "number": masked_number(call.number),
            "outcome": call.outcome or call.status,
            "duration_s": str(call.duration_s or 0),
        },
    )
