"""Calls, with the session they came out of: what erases it erases them.

    <session>  ·  ~k<call>  →  version, body (the call as JSON)

They sort behind the session item, where a log is read from: few, and at most `MOST_CALLS`.
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib.calls.model import MOST_CALLS, Call, NoSuchCall
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.table import Put, Table, get_raw, named, query_page, was_refused
from chalicelib.kit.values import SessionId

CALL = "~k"


class CallItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    body = UnicodeAttribute()


class CallStore:
    def of(self, session_id: SessionId) -> list[Call]:
        """Oldest first: one Query."""
        where = CallItem.place.startswith(CALL)
        page = query_page(CallItem, session_id, where, consistent=True, limit=MOST_CALLS)
        return [Call.model_validate_json(raw["body"]["S"]) for raw in page.items]

    def get(self, session_id: SessionId, call_id: str) -> Call:
        raw = get_raw(CallItem, session_id, CALL + call_id)
        if raw is None:
            raise NoSuchCall("There is no such call.")
        return Call.model_validate_json(raw["body"]["S"])

    def replace(self, call: Call) -> None:
        """Stores the next version over the one it was made from."""
        try:
            _item(call).save(condition=CallItem.version == call.version - 1)
        except PutError as error:
            if was_refused(error):
                raise StaleVersion("Somebody changed this since you read it. Read it again.") from error
            raise

    def placed(self, call: Call) -> None:
        """Notes what whoever dials calls it, in the version it has: they were told that one, and may say at once how it goes."""
        try:
            _item(call).save(condition=CallItem.version == call.version)
        except PutError as error:
            if not was_refused(error):
                raise


def begun(call: Call) -> Put:
    """The write that comes with the line on the timeline."""
    return Put(_item(call), CallItem.session_id.does_not_exist())


def gone_on(call: Call) -> Put:
    """The same, of its next version."""
    return Put(_item(call), CallItem.version == call.version - 1)


def _item(call: Call) -> CallItem:
    return CallItem(
        call.session_id, CALL + call.id, version=call.version, body=call.model_dump_json(exclude_none=True)
    )
