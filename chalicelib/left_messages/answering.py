"""Taking care of a left message, and answering it. Load → decide → save → tell, and then the letter goes out."""

from dataclasses import dataclass

from chalicelib.agents.model import SLOT, Agent, AgentUnable
from chalicelib.agents.store import slot_taken
from chalicelib.dispatch.service import DeskFull
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.ids import derived
from chalicelib.kit.table import Write
from chalicelib.kit.values import AgentId, ClientId, SessionId
from chalicelib.mail.model import Mail
from chalicelib.mail.service import Post
from chalicelib.mail.store import written
from chalicelib.protocol.left_messages import NewAnswer
from chalicelib.protocol.values import AgentBrief, SystemLine
from chalicelib.sessions.entries import SYSTEM, Draft, Party
from chalicelib.sessions.left import NotLeft, answered, letter_id, taken, unanswered
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import May, Sessions, anyone
from chalicelib.sessions.store import Read
from chalicelib.sources.store import SourceStore


class NoEmailLeft(Conflict):
    """The customer left no e-mail address."""


class NoPhoneLeft(Conflict):
    """The customer left no phone number."""


@dataclass(frozen=True)
class Answering:
    sessions: Sessions
    sources: SourceStore
    post: Post
    clock: Clock

    def take(self, agent: Agent, session_id: SessionId) -> None:
        """Onto one's own desk, where it takes a slot like a talk. By one's own choice, so its share is not asked."""
        limit = agent.capacity * SLOT

        def decide(read: Read) -> tuple[Session, SystemLine]:
            return taken(read.session, agent.brief, self.clock()), taken_line(agent.brief)

        def slot(_: Session, after: Session) -> list[Write]:
            return [slot_taken(agent, limit, after.id, self.clock())]

        try:
            self.sessions.move(
                session_id, Party("agent", agent.id, agent.alias), anyone, decide, also=slot, staff=True
            )
        except AgentUnable as error:
            raise DeskFull("You have no free slot. End or file a conversation first.") from error

    def answer(self, caller: Caller, session_id: SessionId, new: NewAnswer, may: May) -> None:
        """What was said stands in the thread first, so that answering again after a lost answer says nothing twice."""
        session = self.sessions.get(session_id, may).session
        self._possible(session, new)
        if new.text.strip():
            self._say(caller, session_id, new, may)
        by = AgentBrief(id=AgentId(caller.id), name=caller.name)
        mail_id = letter_id(session)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            line = SystemLine(code=f"answered_by_{new.by}")
            return answered(read.session, by, new.by, self.clock()), line

        def also(before: Session, _: Session) -> list[Write]:
            return [written(self._letter(mail_id, before, new.text))] if new.by == "email" else []

        moved = self.sessions.move(
            session_id, Party("agent", caller.id, caller.name), may, decide, also=also, staff=True
        )
        if moved.happened and new.by == "email" and self.post.send(mail_id) == "refused":
            self.never_arrived(moved.after.id)

    def send_due(self) -> int:
        return self.post.send_due(lambda mail: self.never_arrived(mail.session_id))

    def never_arrived(self, session_id: SessionId) -> None:
        """It is work again, and staff reads why."""

        def decide(read: Read) -> tuple[Session, SystemLine]:
            return unanswered(read.session, self.clock()), SystemLine(code="mail_refused")

        try:
            self.sessions.move(session_id, SYSTEM, anyone, decide, staff=True)
        except NoSuchSession:
            return

    def _possible(self, session: Session, new: NewAnswer) -> None:
        """Before anything is done. Answered already: a resend says the same."""
        if session.state not in ("left_message", "answered"):
            raise NotLeft("Only a left message is answered so.")
        contact = session.contact
        if new.by == "email":
            self.post.is_open()
            if contact is None or contact.email is None:
                raise NoEmailLeft("This customer left no e-mail address. Call, or answer for the next visit.")
        if new.by == "call" and (contact is None or contact.phone is None):
            raise NoPhoneLeft("This customer left no phone number. Write, or answer for the next visit.")
        if new.by != "call" and not new.text.strip():
            raise Invalid("Write an answer first.", errors=(("text", "is empty"),))

    def _say(self, caller: Caller, session_id: SessionId, new: NewAnswer, may: May) -> None:
        """To the customer, who finds it at the next visit and hears it at once if they are here; of a call, to staff alone."""
        draft = Draft(
            by=Party("agent", caller.id, caller.name),
            client_id=ClientId(derived(session_id, new.by, new.text)),
            after=None,
            text=new.text,
            staff=new.by == "call",
        )
        self.sessions.say(session_id, draft, may, caller.connection)

    def _letter(self, mail_id: str, session: Session, text: str) -> Mail:
        source = self.sources.get(session.source_id)
        return Mail(
            id=mail_id,
            session_id=session.id,
            to=(session.contact.email if session.contact else None) or "",
            subject=f"{source.name}: {session.number}",
            text=f"{text.strip()}\n\n-- \n{source.name} · {session.number}\n",
            written_at=self.clock(),
        )


def taken_line(agent: AgentBrief) -> SystemLine:
    return SystemLine(code="left_taken", about={"agent": agent.name})
