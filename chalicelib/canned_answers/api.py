"""Canned answers: found, kept, taken in by the sheet, and said."""

from typing import Annotated

from pydantic import Field

from chalicelib.canned_answers.model import Answer, CodeTaken, Counted, WhichQueue
from chalicelib.canned_answers.saying import Saying
from chalicelib.canned_answers.service import CannedAnswers, NotYourShelf, TooManyAnswers
from chalicelib.canned_answers.sheet import SheetDoesNotFit
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.protocol.canned_answers import (
    AnswerSaid,
    AnswersImport,
    AnswersImported,
    AnswerUse,
    CannedAnswer,
    CannedAnswerChange,
    NewCannedAnswer,
)
from chalicelib.protocol.rest import Page, PageQuery

_ALL = "/v1/canned-answers"
_ONE = _ALL + "/{answer_id}"


class AnswersQuery(PageQuery):
    """`q`: what is typed, of which the best are found and no further page; `queue_id`: with those of this queue instead of one's own queues'.

    `category_id`: those alone that this category suggests.
    """

    q: Annotated[str, Field(max_length=100)] | None = None
    queue_id: Annotated[str, Field(max_length=80)] | None = None
    category_id: Annotated[str, Field(max_length=80)] | None = None


def routes(answers: CannedAnswers, saying: Saying) -> Routes:
    on = Routes()

    @on.get(
        _ALL,
        allow="canned_answer.read",
        query=AnswersQuery,
        answers=Page[CannedAnswer],
        refuses=(BadCursor,),
    )
    def list_canned_answers(caller: Caller, query: AnswersQuery) -> Page[CannedAnswer]:
        if query.category_id is not None:
            return Page(items=[_read(c) for c in saying.suggested(caller, query.category_id)])
        if query.q is not None:
            best = answers.search(caller, query.queue_id, query.q, query.limit)
            return Page(items=[_read(c) for c in best])
        found = answers.page(caller, query.queue_id, query.limit, query.cursor)
        return Page(items=[_read(c) for c in found.items], next_cursor=found.next_cursor)

    @on.post(
        _ALL,
        allow="canned_answer.edit",
        body=NewCannedAnswer,
        answers=CannedAnswer,
        status=201,
        refuses=(CodeTaken, WhichQueue, NotYourShelf, TooManyAnswers),
    )
    def create_canned_answer(caller: Caller, body: NewCannedAnswer) -> CannedAnswer:
        return _read(Counted(answer=answers.create(caller, body)))

    @on.post(
        _ALL + "/import",
        allow="canned_answer.edit",
        body=AnswersImport,
        answers=AnswersImported,
        refuses=(SheetDoesNotFit, WhichQueue, NotYourShelf, TooManyAnswers, CodeTaken, StaleVersion),
    )
    def import_canned_answers(caller: Caller, body: AnswersImport) -> AnswersImported:
        return answers.take_in(caller, body)

    @on.get(_ONE, allow="canned_answer.read", answers=CannedAnswer)
    def get_canned_answer(caller: Caller, answer_id: str) -> CannedAnswer:
        return _read(answers.counted(caller, answer_id))

    @on.patch(
        _ONE,
        allow="canned_answer.edit",
        body=CannedAnswerChange,
        answers=CannedAnswer,
        refuses=(CodeTaken, NotYourShelf, StaleVersion),
    )
    def change_canned_answer(
        caller: Caller, answer_id: str, body: CannedAnswerChange, version: int
    ) -> CannedAnswer:
        return _read(Counted(answer=answers.change(caller, answer_id, body, version)))

    @on.delete(_ONE, allow="canned_answer.edit", refuses=(NotYourShelf, StaleVersion))
    def delete_canned_answer(caller: Caller, answer_id: str) -> None:
        answers.remove(caller, answer_id)

    @on.post(_ONE + "/use", allow="canned_answer.read", body=AnswerUse, answers=AnswerSaid)
    def use_canned_answer(caller: Caller, answer_id: str, body: AnswerUse) -> AnswerSaid:
        """Its text for this session, with its variables filled in. The use is counted; nothing is sent."""
        return AnswerSaid(text=saying.say(caller, answer_id, body))

    return on


def _read(counted: Counted) -> CannedAnswer:
    answer: Answer = counted.answer
    shelf = answer.shelf
    facts = {name: value for name, value in dict(answer).items() if name != "spelt"}
    return CannedAnswer.model_validate(
        {
            **facts,
            "scope": shelf.scope,
            "queue_id": shelf.of if shelf.scope == "queue" else None,
            "owner_id": shelf.of if shelf.scope == "personal" else None,
            "uses": counted.uses,
        }
    )
