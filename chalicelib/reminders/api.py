"""Reminders: made on a session or a customer, listed, done."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import CustomerId, SessionId
from chalicelib.protocol.reminders import NewReminder, Reminder
from chalicelib.protocol.rest import Nothing, Page, PageQuery
from chalicelib.reminders.model import TooManyReminders
from chalicelib.reminders.service import Reminders
from chalicelib.sessions.service import Busy


def routes(reminders: Reminders) -> Routes:
    on = Routes()

    @on.post(
        "/v1/sessions/{session_id}/remind",
        allow="session.remind",
        body=NewReminder,
        answers=Reminder,
        status=201,
        refuses=(TooManyReminders,),
    )
    def remind_of_session(caller: Caller, session_id: str, body: NewReminder) -> Reminder:
        return reminders.on_session(caller, SessionId(session_id), body)

    @on.post(
        "/v1/customers/{customer_id}/remind",
        allow="customer.read",
        body=NewReminder,
        answers=Reminder,
        status=201,
        refuses=(TooManyReminders,),
    )
    def remind_of_customer(caller: Caller, customer_id: str, body: NewReminder) -> Reminder:
        return reminders.on_customer(caller, CustomerId(customer_id), body)

    @on.get("/v1/reminders", allow="agent", query=PageQuery, answers=Page[Reminder], refuses=(BadCursor,))
    def list_reminders(caller: Caller, query: PageQuery) -> Page[Reminder]:
        found = reminders.of(caller, query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        "/v1/reminders/{reminder_id}/done",
        allow="agent",
        body=Nothing,
        answers=Reminder,
        refuses=(Busy,),
    )
    def reminder_done(caller: Caller, reminder_id: str, body: Nothing) -> Reminder:
        return reminders.done(caller, reminder_id)

    return on
