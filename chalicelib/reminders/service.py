"""Reminding."""

from chalicelib.connections.model import Person
from chalicelib.customers.store import CustomerStore
from chalicelib.delivery.service import Delivery
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.ids import Ids
from chalicelib.kit.log import Log
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import AgentId, CustomerId, SessionId
from chalicelib.protocol.events import ReminderDue
from chalicelib.protocol.reminders import NewReminder, Reminder as ReminderRead
from chalicelib.reminders.model import MOST_OPEN, NoSuchReminder, Reminder, TooManyReminders, in_time
from chalicelib.reminders.store import ReminderStore
from chalicelib.sessions.access import Access
from chalicelib.sessions.acquaintance import Acquaintance
from chalicelib.sessions.service import Busy, Sessions

ON_SESSION, ON_CUSTOMER = "s", "c"
ATTEMPTS = 3


class Reminders:
    def __init__(
        self,
        store: ReminderStore,
        sessions: Sessions,
        customers: CustomerStore,
        access: Access,
        known: Acquaintance,
        delivery: Delivery,
        ids: Ids,
        clock: Clock,
        log: Log,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._customers = customers
        self._access = access
        self._known = known
        self._delivery = delivery
        self._ids = ids
        self._now = clock
        self._log = log

    def on_session(self, caller: Caller, session_id: SessionId, new: NewReminder) -> ReminderRead:
        session = self._sessions.get(session_id, self._access.may(caller, "session.remind")).session
        return self._add(caller, session.id, session.customer_id, new)

    def on_customer(self, caller: Caller, customer_id: CustomerId, new: NewReminder) -> ReminderRead:
        self._known.may(caller, "customer.read", customer_id)
        return self._add(caller, None, self._customers.get(customer_id).id, new)

    def _add(
        self, caller: Caller, session_id: SessionId | None, customer_id: CustomerId, new: NewReminder
    ) -> ReminderRead:
        now, agent_id = self._now(), AgentId(caller.id)
        in_time(new.at, now)
        if len(self._store.of_agent(agent_id, MOST_OPEN).items) >= MOST_OPEN:
            raise TooManyReminders(f"You have {MOST_OPEN} reminders open. Do some of them first.")
        reminder = Reminder(
            id=self._ids.new(),
            agent_id=agent_id,
            session_id=session_id,
            customer_id=customer_id,
            at=new.at,
            note=new.note.strip(),
            created_at=now,
        )
        self._store.add(reminder)
        return self._read(reminder)

    def of(self, caller: Caller, limit: int, cursor: str | None) -> Slice[ReminderRead]:
        page = self._store.of_agent(AgentId(caller.id), limit, cursor)
        return Slice([self._read(r) for r in page.items], page.next_cursor)

    def done(self, caller: Caller, named: str) -> ReminderRead:
        """Twice is once."""
        for _ in range(ATTEMPTS):
            reminder = self._store.find(AgentId(caller.id), *_parts(named))
            done = reminder.done(self._now())
            if done is reminder or self._store.replace(done):
                return self._read(done)
        raise Busy("It came back at this very moment. Try again.", retry_after_s=1)

    def tell_due(self) -> int:
        """Each is told once, by whoever notes it first; it stays in its agent's list until it is done."""
        told = 0
        for reminder in self._store.due(self._now()):
            if reminder.told_at or reminder.done_at or not self._store.replace(reminder.told(self._now())):
                continue
            told += 1
            event = ReminderDue(
                reminder_id=_name(reminder),
                session_id=reminder.session_id,
                customer_id=reminder.customer_id,
                at=reminder.at,
                note=reminder.note,
            )
            self._delivery.tell_person(Person("agent", reminder.agent_id), event)
        return told

    def _read(self, reminder: Reminder) -> ReminderRead:
        return reminder.read(self._now()).model_copy(update={"id": _name(reminder)})


def _name(reminder: Reminder) -> str:
    """Where it is kept, as one id: whose words it stands by, and its own."""
    if reminder.session_id:
        return f"{ON_SESSION}.{reminder.session_id}.{reminder.id}"
    return f"{ON_CUSTOMER}.{reminder.customer_id}.{reminder.id}"


def _parts(named: str) -> tuple[str, str]:
    kind, _, rest = named.partition(".")
    about, _, reminder_id = rest.rpartition(".")
    if kind not in (ON_SESSION, ON_CUSTOMER) or not about or not reminder_id:
        raise NoSuchReminder("There is no such reminder.")
    return reminder_id, about if kind == ON_SESSION else f"customer:{about}"
