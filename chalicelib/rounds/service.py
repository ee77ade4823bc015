"""The scheduled functions, each safe twice, late and overlapping."""

from chalicelib.attachments.service import Attachments
from chalicelib.dispatch.service import Dispatch
from chalicelib.kit.log import Log
from chalicelib.left_messages.service import LeftMessages
from chalicelib.queues.store import QueueStore
from chalicelib.records.retention import Retention
from chalicelib.reminders.service import Reminders
from chalicelib.rounds.absence import Absence
from chalicelib.rounds.expiry import Expiry
from chalicelib.rounds.recount import Recount
from chalicelib.rounds.rotation import Rotation
from chalicelib.shifts.plans import Plans


class Rounds:
    def __init__(
        self,
        queues: QueueStore,
        dispatch: Dispatch,
        left_messages: LeftMessages,
        expiry: Expiry,
        absence: Absence,
        recount: Recount,
        attachments: Attachments,
        retention: Retention,
        rotation: Rotation,
        plans: Plans,
        reminders: Reminders,
        log: Log,
    ) -> None:
        self._queues = queues
        self._dispatch = dispatch
        self._left_messages = left_messages
        self._expiry = expiry
        self._absence = absence
        self._recount = recount
        self._attachments = attachments
        self._retention = retention
        self._rotation = rotation
        self._plans = plans
        self._reminders = reminders
        self._log = log

    def drain_queues(self) -> int:
        """The net under the doorbells: assigns whatever waits while somebody is free, and then left messages."""
        assigned = 0
        for queue in self._queues.all():
            try:
                assigned += self._dispatch.drain(queue.id)
            except Exception as error:  # noqa: BLE001  # one queue's trouble keeps nothing from the others
                self._log(what="round", schedule="drain_queues", queue_id=queue.id, error=repr(error))
        assigned += self._left_messages.hand_out()
        self._log(what="round", schedule="drain_queues", count=assigned)
        return assigned

    def expire_idle_sessions(self) -> int:
        """Agents who are gone, idle customers, holds, wrap-ups, waits that are too long, and those who left: whatever time alone
        changes; letters that did not go out at once, and reminders.
        """
        changed = 0
        for due in (
            self._absence.run,
            self._expiry.run,
            self._left_messages.send_letters,
            self._reminders.tell_due,
        ):
            try:
                changed += due()
            except Exception as error:  # noqa: BLE001  # one's trouble keeps nothing from the others; the next round does it
                self._log(what="round", schedule="expire_idle_sessions", error=repr(error))
        self._log(what="round", schedule="expire_idle_sessions", count=changed)
        return changed

    def rotate_shifts(self) -> int:
        """Whoever's shift starts, pauses or ends is told, and what waits for those who came on is assigned."""
        self._plans.materialise_if_due()
        done = self._rotation.run()
        self._log(what="round", schedule="rotate_shifts", count=done)
        return done

    def materialise_roster(self) -> int:
        """The roster's weeks ahead are made from its rotations."""
        made = self._plans.materialise()
        self._log(what="round", schedule="materialise_roster", count=made)
        return made

    def apply_retention(self) -> int:
        """What is older than its source keeps it goes."""
        gone = self._retention.run()
        self._log(what="round", schedule="apply_retention", count=gone)
        return gone

    def reap_connections(self) -> int:
        """Leases are judged by whoever reads them; what is left is to see that desks hold what they should, and to sweep
        attachments that nobody sent.
        """
        drifted = self._recount.run()
        self._log(what="round", schedule="reap_connections", count=drifted)
        self._log(what="sweep", schedule="reap_connections", count=self._attachments.sweep())
        return drifted
