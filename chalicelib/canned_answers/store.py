"""Canned answers by shelf: a Query a shelf, and one for its uses.

answers:<shelf>   answer's id  →  the answer
answer codes:<shelf>  code     →  the answer's id
answer uses:<shelf>   id       →  counts in its version
"""

from chalicelib.canned_answers.model import Answer, CodeTaken, Counted, NoSuchAnswer, Shelf, folded
from chalicelib.kit.documents import DirectoryItem, Documents, StaleVersion
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Clash, Put, Write, get_raw, query_all, transact, update_only
from chalicelib.kit.values import Value


class CodeOf(Value):
    code: str
    id: str


class AnswerStore:
    def find(self, answer_id: str) -> Answer | None:
        shelf = Shelf.at(answer_id.rpartition(".")[0])
        return _answers(shelf).find(answer_id) if shelf else None

    def get(self, answer_id: str) -> Answer:
        found = self.find(answer_id)
        if found is None:
            raise NoSuchAnswer("There is no such answer.")
        return found

    def by_code(self, shelf: Shelf, code: str) -> Answer | None:
        kept = _codes(shelf).find(folded(code))
        return self.find(kept.id) if kept else None

    def page(self, shelf: Shelf, limit: int, cursor: str | None) -> Slice[Counted]:
        found = _answers(shelf).page(limit, cursor)
        uses = self._uses(shelf)
        return Slice([Counted(answer=a, uses=uses.get(a.id, 0)) for a in found.items], found.next_cursor)

    def all(self, shelf: Shelf) -> list[Counted]:
        uses = self._uses(shelf)
        return [Counted(answer=a, uses=uses.get(a.id, 0)) for a in _answers(shelf).all()]

    def create(self, answer: Answer, token: str) -> None:
        """The answer and its code, or neither."""
        self._write([_answers(answer.shelf).put(answer), _claim(answer)], token, answer)

    def replace(self, before: Answer, after: Answer, token: str) -> None:
        writes: list[Write] = [_answers(after.shelf).put(after)]
        if folded(before.code) != folded(after.code):
            writes = [*writes, _claim(after), _codes(before.shelf).gone(folded(before.code))]
        self._write(writes, token, after)

    def remove(self, answer: Answer, token: str) -> None:
        """Raises StaleVersion where somebody changed or removed it meanwhile."""
        shelf = answer.shelf
        writes = [_answers(shelf).gone(answer.id), _codes(shelf).gone(folded(answer.code))]
        try:
            transact(writes, token)
        except Clash as clash:
            raise StaleVersion("Somebody changed this just now. Read it again.") from clash
        DirectoryItem(_uses_kind(shelf), answer.id).delete()

    def used(self, answer: Answer) -> None:
        """Once more. Nothing reads it before it is written."""
        counter = DirectoryItem(_uses_kind(answer.shelf), answer.id)
        update_only(counter, [DirectoryItem.version.add(1)])

    @staticmethod
    def uses(answer: Answer) -> int:
        counter = get_raw(DirectoryItem, _uses_kind(answer.shelf), answer.id, consistent=False)
        return int(counter["version"]["N"]) if counter else 0

    @staticmethod
    def _uses(shelf: Shelf) -> dict[str, int]:
        kept = query_all(DirectoryItem, _uses_kind(shelf))
        return {raw["id"]["S"]: int(raw["version"]["N"]) for raw in kept}

    @staticmethod
    def _write(writes: list[Write], token: str, answer: Answer) -> None:
        try:
            transact(writes, token)
        except Clash as clash:
            if 1 in clash.refused:
                raise CodeTaken(
                    f"There is already an answer /{answer.code} there. Choose another code.",
                    errors=(("code", "is taken"),),
                ) from clash
            raise StaleVersion("Somebody changed this since you read it. Read it again.") from clash


def _answers(shelf: Shelf) -> Documents[Answer]:
    return Documents(DirectoryItem, f"answers:{shelf.key}", Answer, lambda a: a.id, lambda a: a.version)


def _codes(shelf: Shelf) -> Documents[CodeOf]:
    return Documents(DirectoryItem, f"answer codes:{shelf.key}", CodeOf, lambda c: c.code)


def _claim(answer: Answer) -> Put:
    return _codes(answer.shelf).put(CodeOf(code=folded(answer.code), id=answer.id))


def _uses_kind(shelf: Shelf) -> str:
    return f"answer uses:{shelf.key}"
