"""The routes of what changes a roster: overrides, leaves, swaps, and staying on."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.paging import BadCursor
from chalicelib.protocol.rest import Nothing, Page, PageQuery
from chalicelib.protocol.shifts import (
    Leave,
    LeaveBalance,
    NewLeave,
    NewOverride,
    NewStay,
    NewSwap,
    Override,
    Swap,
)
from chalicelib.shifts.model import (
    AlreadyDecided,
    InThePast,
    LeaveOverlaps,
    NotOnDuty,
    RosterBusy,
    SwapOverlaps,
)
from chalicelib.shifts.reading import Looking
from chalicelib.shifts.requests import Requests

_LEAVE = "/v1/leaves/{leave_id}"
_SWAP = "/v1/swaps/{swap_id}"
_MOVES = (AlreadyDecided, RosterBusy)


def routes(requests: Requests, looking: Looking) -> Routes:
    on = Routes()

    @on.get(
        "/v1/overrides", allow="shift.read", query=PageQuery, answers=Page[Override], refuses=(BadCursor,)
    )
    def list_overrides(caller: Caller, query: PageQuery) -> Page[Override]:
        found = looking.requests(caller, "shift.read", Override, query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        "/v1/overrides",
        allow="shift.plan",
        body=NewOverride,
        answers=Override,
        status=201,
        refuses=(RosterBusy,),
    )
    def add_override(caller: Caller, body: NewOverride) -> Override:
        return requests.override(caller, body)

    @on.post(
        "/v1/agents/{agent_id}/stay-on",
        allow="shift.stay",
        body=NewStay,
        answers=Override,
        status=201,
        refuses=(NotOnDuty, RosterBusy),
    )
    def stay_on(caller: Caller, agent_id: str, body: NewStay) -> Override:
        return requests.stay(caller, agent_id, body)

    @on.get("/v1/leaves", allow="leave.read", query=PageQuery, answers=Page[Leave], refuses=(BadCursor,))
    def list_leaves(caller: Caller, query: PageQuery) -> Page[Leave]:
        found = looking.requests(caller, "leave.read", Leave, query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        "/v1/leaves",
        allow="leave.request",
        body=NewLeave,
        answers=Leave,
        status=201,
        refuses=(LeaveOverlaps, RosterBusy),
    )
    def ask_leave(caller: Caller, body: NewLeave) -> Leave:
        return requests.ask_leave(caller, body)

    @on.post(_LEAVE + "/approve", allow="leave.decide", body=Nothing, answers=Leave, refuses=_MOVES)
    def approve_leave(caller: Caller, leave_id: str, body: Nothing) -> Leave:
        return requests.decide_leave(caller, leave_id, "approved")

    @on.post(_LEAVE + "/decline", allow="leave.decide", body=Nothing, answers=Leave, refuses=_MOVES)
    def decline_leave(caller: Caller, leave_id: str, body: Nothing) -> Leave:
        return requests.decide_leave(caller, leave_id, "declined")

    @on.post(_LEAVE + "/cancel", allow="leave.request", body=Nothing, answers=Leave, refuses=_MOVES)
    def cancel_leave(caller: Caller, leave_id: str, body: Nothing) -> Leave:
        return requests.decide_leave(caller, leave_id, "cancelled")

    @on.get("/v1/agents/{agent_id}/leave-balance", allow="leave.read", answers=LeaveBalance)
    def leave_balance(caller: Caller, agent_id: str) -> LeaveBalance:
        return looking.leave_balance(caller, agent_id)

    @on.get("/v1/swaps", allow="swap.read", query=PageQuery, answers=Page[Swap], refuses=(BadCursor,))
    def list_swaps(caller: Caller, query: PageQuery) -> Page[Swap]:
        """Newest first. Agents see their own, and those that they may take; a page may be short."""
        found = looking.swaps(caller, query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        "/v1/swaps",
        allow="swap.request",
        body=NewSwap,
        answers=Swap,
        status=201,
        refuses=(InThePast, SwapOverlaps, RosterBusy),
    )
    def offer_swap(caller: Caller, body: NewSwap) -> Swap:
        return requests.offer_swap(caller, body)

    @on.post(_SWAP + "/take", allow="swap.request", body=Nothing, answers=Swap, refuses=_MOVES)
    def take_swap(caller: Caller, swap_id: str, body: Nothing) -> Swap:
        return requests.take_swap(caller, swap_id)

    @on.post(_SWAP + "/approve", allow="swap.decide", body=Nothing, answers=Swap, refuses=_MOVES)
    def approve_swap(caller: Caller, swap_id: str, body: Nothing) -> Swap:
        return requests.decide_swap(caller, swap_id, "approved")

    @on.post(
        _SWAP + "/decline", allow="swap.decide or swap.request", body=Nothing, answers=Swap, refuses=_MOVES
    )
    def decline_swap(caller: Caller, swap_id: str, body: Nothing) -> Swap:
        """By whoever decides it, or by the colleague it is meant for."""
        return requests.decide_swap(caller, swap_id, "declined")

    @on.post(_SWAP + "/withdraw", allow="swap.request", body=Nothing, answers=Swap, refuses=_MOVES)
    def withdraw_swap(caller: Caller, swap_id: str, body: Nothing) -> Swap:
        return requests.decide_swap(caller, swap_id, "withdrawn")

    return on
