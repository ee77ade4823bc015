"""Keeping, finding and saying canned answers. One sees one's own, those of one's queues and everybody's."""

from collections.abc import Callable, Sequence

from chalicelib.agents.store import AgentStore
from chalicelib.canned_answers.initials import spelling_of
from chalicelib.canned_answers.model import (
    EVERYBODYS,
    Answer,
    Counted,
    NoSuchAnswer,
    Shelf,
    WhichQueue,
    folded,
    matching,
)
from chalicelib.canned_answers.sheet import answers_in
from chalicelib.canned_answers.store import AnswerStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.errors import Conflict, NotAllowed
from chalicelib.kit.ids import Ids
from chalicelib.kit.paging import Slice, bad_cursor, from_cursor, to_cursor
from chalicelib.kit.values import AgentId, QueueId
from chalicelib.permissions.model import scopes
from chalicelib.protocol.canned_answers import (
    AnswerRules,
    AnswersImport,
    AnswersImported,
    CannedAnswerChange,
    NewCannedAnswer,
)

MOST = 1_000
EDIT = "canned_answer.edit"
Reaches = Callable[[Caller, QueueId, str], bool]
"""Whether a queue lies within the caller's grants of a permission."""


class NotYourShelf(NotAllowed):
    """It may be read there, and somebody else writes it."""

    code = "forbidden"


class TooManyAnswers(Conflict):
    """A shelf holds so many and no more."""


class CannedAnswers:
    def __init__(self, store: AnswerStore, agents: AgentStore, reaches: Reaches, ids: Ids) -> None:
        self._store = store
        self._agents = agents
        self._reaches = reaches
        self._ids = ids

    def get(self, caller: Caller, answer_id: str) -> Answer:
        answer = self._store.get(answer_id)
        if not self._sees(caller, answer.shelf):
            raise NoSuchAnswer("There is no such answer.")
        return answer

    def counted(self, caller: Caller, answer_id: str) -> Counted:
        answer = self.get(caller, answer_id)
        return Counted(answer=answer, uses=self._store.uses(answer))

    def page(self, caller: Caller, queue_id: str | None, limit: int, cursor: str | None) -> Slice[Counted]:
        """One's own, then those of queues, then everybody's."""
        shelves = self._shelves(caller, queue_id)
        at, inner = 0, None
        if cursor:
            position = from_cursor(cursor, shelf=r"[\w.:-]{1,120}", at=r"[\w-]{0,400}")
            keys = [shelf.key for shelf in shelves]
            if position["shelf"] not in keys:
                raise bad_cursor()
            at, inner = keys.index(position["shelf"]), position["at"] or None
        found: list[Counted] = []
        while at < len(shelves) and len(found) < limit:
            page = self._store.page(shelves[at], limit - len(found), inner)
            found += page.items
            inner = page.next_cursor
            at += inner is None
        if at >= len(shelves):
            return Slice(found)
        return Slice(found, to_cursor({"shelf": shelves[at].key, "at": inner or ""}))

    def search(self, caller: Caller, queue_id: str | None, asked: str, limit: int) -> list[Counted]:
        """By code, words of title, group and text, and a Chinese title's initials; the best first."""
        shelves = self._shelves(caller, queue_id)
        return matching((c for shelf in shelves for c in self._store.all(shelf)), asked, limit)

    def create(self, caller: Caller, new: NewCannedAnswer) -> Answer:
        shelf = self._writable(caller, Shelf(scope=new.scope, of=self._of(caller, new.scope, new.queue_id)))
        if len(self._store.all(shelf)) >= MOST:
            raise TooManyAnswers(f"There are {MOST:,} answers there already. Remove some first.")
        answer = self._made(shelf, new)
        self._store.create(answer, self._ids.new())
        return answer

    def change(self, caller: Caller, answer_id: str, change: CannedAnswerChange, version: int) -> Answer:
        kept = self.get(caller, answer_id)
        self._writable(caller, kept.shelf)
        changed = self._spelt({**kept.model_dump(), **change.model_dump(exclude_unset=True)}, version + 1)
        if kept.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        self._store.replace(kept, changed, self._ids.new())
        return changed

    def remove(self, caller: Caller, answer_id: str) -> None:
        kept = self.get(caller, answer_id)
        self._writable(caller, kept.shelf)
        self._store.remove(kept, self._ids.new())

    def take_in(self, caller: Caller, sheet: AnswersImport) -> AnswersImported:
        """A whole sheet: nothing of it where a line is wrong. Cut short, the same sheet again does the rest."""
        shelf = self._writable(
            caller, Shelf(scope=sheet.scope, of=self._of(caller, sheet.scope, sheet.queue_id))
        )
        told = AnswersImported(created=[], updated=[], unchanged=[])
        rows = answers_in(sheet.csv)
        there = {folded(answer.code) for answer in self.on(shelf)}
        if len(there | {folded(rules.code) for rules in rows}) > MOST:
            raise TooManyAnswers(f"There would be more than {MOST:,} answers there. Remove some first.")
        for rules in rows:
            kept = self._store.by_code(shelf, rules.code)
            if kept is None:
                told.created.append(rules.code)
                if not sheet.dry_run:
                    self._store.create(self._made(shelf, rules), self._ids.new())
                continue
            changed = self._spelt({**kept.model_dump(), **rules.model_dump()}, kept.version + 1)
            if changed.says_the_same_as(kept):
                told.unchanged.append(rules.code)
                continue
            told.updated.append(rules.code)
            if not sheet.dry_run:
                self._store.replace(kept, changed, self._ids.new())
        return told

    def is_shared(self, answer_id: str) -> bool:
        """Whether there is one, and not somebody's own."""
        found = self._store.find(answer_id)
        return found is not None and found.shelf.scope != "personal"

    def several(self, caller: Caller, answer_ids: Sequence[str]) -> list[Counted]:
        """Those of them that there are and the caller sees."""
        found = [a for i in answer_ids if (a := self._store.find(i)) and self._sees(caller, a.shelf)]
        return [Counted(answer=a) for a in found]

    def on(self, shelf: Shelf) -> list[Answer]:
        """All on a shelf, whoever asks."""
        return [c.answer for c in self._store.all(shelf)]

    def used(self, answer: Answer) -> None:
        self._store.used(answer)

    def _made(self, shelf: Shelf, rules: AnswerRules) -> Answer:
        facts = rules.model_dump(include=set(AnswerRules.model_fields))
        return self._spelt({**facts, "id": f"{shelf.key}.{self._ids.new()}"}, 1)

    @staticmethod
    def _spelt(facts: dict[str, object], version: int) -> Answer:
        answer = Answer.model_validate({**facts, "version": version})
        return answer.model_copy(update=spelling_of(answer.title)._asdict())

    @staticmethod
    def _of(caller: Caller, scope: str, queue_id: str | None) -> str:
        if (scope == "queue") != bool(queue_id):
            raise WhichQueue(
                "Name the queue of a queue's answer, and of no other.",
                errors=(("queue_id", "is missing" if scope == "queue" else "belongs to no such answer"),),
            )
        return caller.id if scope == "personal" else queue_id or ""

    def _shelves(self, caller: Caller, queue_id: str | None) -> list[Shelf]:
        queues = [queue_id] if queue_id else sorted(self._agents.get(AgentId(caller.id)).queue_ids)
        found = [Shelf(scope="queue", of=q) for q in queues]
        own = Shelf(scope="personal", of=caller.id)
        return [own, *(shelf for shelf in found if self._sees(caller, shelf)), EVERYBODYS]

    def _sees(self, caller: Caller, shelf: Shelf) -> bool:
        match shelf.scope:
            case "global":
                return True
            case "personal":
                return shelf.of == caller.id
        in_queue = QueueId(shelf.of) in self._agents.get(AgentId(caller.id)).queue_ids
        return in_queue or self._reaches(caller, QueueId(shelf.of), EDIT)

    def _writable(self, caller: Caller, shelf: Shelf) -> Shelf:
        within = scopes(caller.role_ids, EDIT)
        match shelf.scope:
            case "personal":
                may = bool(within)
            case "queue":
                may = self._reaches(caller, QueueId(shelf.of), EDIT)
            case "global":
                may = "all" in within
        if not may:
            raise NotYourShelf("You may keep answers of your own. Ask an admin for more.")
        return shelf
