"""At the end: the faults are over and two periods of the sweep have passed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.dispatch.model import Candidate, Instants, choose
from chalicelib.kit.values import QueueId
from chalicelib.sessions.offers import reply_due_at
from chalicelib.sessions.reading import seen_by_customer
from chalicelib.sessions.waiting import Waits
from chalicelib.shifts.calendar import cache_of
from tests.simulation.browser import Browser
from tests.simulation.checkers.books import Books
from tests.simulation.checkers.writes import goes_on, is_said
from tests.simulation.history import History
from tests.simulation.hub import SWEEP
from tests.simulation.talk import Talk

if TYPE_CHECKING:
    from tests.simulation.world import World

Found = Iterator[tuple[str, str]]
ENDINGS = ("ended_by_agent", "ended_by_customer", "ended_idle", "abandoned", "queue_timeout")


def final_checks(world: "World") -> Found:
    books = Books.of(world.ledger.items)
    yield from kept(books, world.history)
    yield from once(books, world.history)
    yield from counted(books)
    yield from in_order(books, world.history)
    yield from silent_after_the_end(books)
    yield from queued(books, world)
    yield from served(books, world)
    yield from in_time(books, world)
    yield from live(books)
    yield from as_the_roster_says(books, world)
    yield from opened_once(world.history)
    yield from shown(books, world.browsers)
    yield from own_words_are_read(world.history)


def kept(books: Books, history: History) -> Found:
    """I1: what was accepted stands in the log, where the answer said."""
    for client_id, (letter, answers) in history.accepted.items():
        for told in answers:
            stands = next(
                (e for e in books.logs.get(told.session_id, []) if e.message_id == told.message_id), None
            )
            if stands is None or (stands.seq, stands.staff_seq) != (told.seq, told.staff_seq):
                yield "I1", f"{letter.text!r} of {client_id} is not at {told.seq} of {told.session_id}"
            elif (stands.text, stands.client_id) != (letter.text, client_id):
                yield "I1", f"at {told.seq} of {told.session_id} stands {stands.text!r}, not {letter.text!r}"


def once(books: Books, history: History) -> Found:
    """I2: what was sent under one client_id stands once, in one session, and nothing else is stored under it."""
    said = Counter(
        (e.by.role, e.by.id, e.client_id) for log in books.logs.values() for e in log if e.client_id
    )
    for (role, _, client_id), times in said.items():
        if times > 1:
            yield "I2", f"the {role}'s {client_id} stands {times} times"
    for client_id, (_, answers) in history.accepted.items():
        if len({a.message_id for a in answers}) > 1:
            yield "I2", f"{client_id} was accepted as different messages: {answers}"
    for client_id, session_id in history.reused.items():
        yield "I2", f"another body was accepted under {client_id} in {session_id}"


def counted(books: Books) -> Found:
    """I3: seq is 1…n without holes, and staff entries count from 1 on each."""
    for session_id, log in books.logs.items():
        seqs = [e.seq for e in log if e.staff_seq is None]
        if seqs != list(range(1, len(seqs) + 1)):
            yield "I3", f"the log of {session_id} counts {seqs}"
        staff = Counter(e.seq for e in log if e.staff_seq)
        for seq, count in staff.items():
            if sorted(e.staff_seq or 0 for e in log if e.seq == seq and e.staff_seq) != list(
                range(1, count + 1)
            ):
                yield "I3", f"staff entries on {seq} of {session_id} have a hole"


def in_order(books: Books, history: History) -> Found:
    """I4: one sender's messages stand in the order in which they were sent, those aside that they were told are not sent."""
    for (browser, session_id), letters in history.composed.items():
        places = {e.client_id: e.position for e in books.logs.get(session_id, [])}
        written = sorted(each.client_id for each in letters if each.client_id not in history.refused)
        stand = [places[client_id] for client_id in written if client_id in places]
        if stand != sorted(stand):
            yield "I4", f"what {browser} sent in this order stands in {session_id} at {stand}"


def silent_after_the_end(books: Books) -> Found:
    """I8: nothing said stands behind the line that ended it, but for the customer's words that made it go on."""
    for session_id, log in books.logs.items():
        over = False
        for entry in log:
            if entry.system is not None and entry.system.code in ENDINGS:
                over = True
            elif over and goes_on(entry):
                if entry.by.role != "customer":
                    yield "I8", f"{entry.text!r} stands after the end of {session_id}"
                over = False
        if books.sessions[session_id].over != over:
            yield "I8", f"{session_id} is {books.sessions[session_id].state}; its log says it is over: {over}"


def queued(books: Books, world: "World") -> Found:
    """I11: a waiting session is in its queue's index, and what is there waits; whoever has spoken waits or is served."""
    waiting = {s.id for s in books.sessions.values() if s.waits_in_queue}
    found = {w.session_id for q in _queues(world) for w in world.desk.session_store.waiting(q, 1000)}
    for session_id in sorted(waiting ^ found):
        yield "I11", f"{session_id} {'is not in' if session_id in waiting else 'is still in'} the index"
    for session in books.sessions.values():
        spoke = any(e.by.role == "customer" and e.kind != "system" for e in books.logs[session.id])
        if session.state == "queued" and spoke != session.waits_in_queue:
            yield "I11", f"{session.id} waits: {session.waits_in_queue}; its customer has spoken: {spoke}"


def served(books: Books, world: "World") -> Found:
    """I12: nobody waits while an agent of the queue is free, other than one who let this very session go."""
    for session in books.sessions.values():
        if not session.waits_in_queue:
            continue
        queue = world.desk.queues.get(session.queue_id)
        candidates = [
            Candidate(books.agents[m.agent_id], m) for m in world.desk.queues.members(session.queue_id)
        ]
        now = Instants(world.house.clock.now, world.house.machine.now)
        if chosen := choose(queue, Waits.of(session), candidates, now).chosen:
            yield "I12", f"{session.id} waits, and {chosen.agent.alias} is free"


def as_the_roster_says(books: Books, world: "World") -> Found:
    """I16: what each agent's item knows of the roster is what the roster says, whoever wrote last."""
    now = world.house.clock.now
    for agent in books.agents.values():
        if agent.roster is None:
            continue
        roster = world.desk.shift_store.roster(agent, now - timedelta(days=3), now + timedelta(weeks=8))
        says = cache_of(roster, now, now + timedelta(weeks=8), None)
        if (says.duty(now), says.works(now)) != (agent.duty(now), agent.works(now)):
            yield "I16", f"{agent.alias} is {agent.duty(now)}, and the roster says {says.duty(now)}"


def in_time(books: Books, world: "World") -> Found:
    """I17: what time alone should have done is done: holds, wrap-ups, waits and silences are not over their limits."""
    late = world.house.clock.now - timedelta(seconds=3 * SWEEP)
    for session in books.sessions.values():
        queue = world.desk.queues.get(session.queue_id)
        if session.state == "wrap_up" and session.wrap_up_until and session.wrap_up_until < late:
            yield "I17", f"the wrap-up of {session.id} was to end at {session.wrap_up_until}"
        if session.offer and session.offer.deadline < late:
            yield "I17", f"the offer of {session.id} was to end at {session.offer.deadline}"
        due = reply_due_at(session, queue.first_reply_limit_s)
        if (
            due
            and due < late
            and not any(is_said(e) and e.by.role == "agent" for e in books.logs[session.id])
        ):
            yield "I17", f"{session.id} was to be answered by {due}"
        if session.state == "on_hold" and session.hold and session.hold.until < late:
            yield "I17", f"the hold of {session.id} was to end at {session.hold.until}"
        since = session.waits_in_queue_since
        if session.waits_in_queue and since and since + timedelta(seconds=queue.max_wait_s) < late:
            yield "I17", f"{session.id} waits since {since}"
        said = [e for e in books.logs[session.id] if is_said(e)]
        if session.state == "active" and said and said[-1].by.role == "agent":
            silent_since = max(said[-1].sent_at, session.still_at or said[-1].sent_at, session.assigned_at)
            # The look that asks comes up to a period late, and so does the one that ends.
            if silent_since + timedelta(seconds=queue.idle.end_after_s + queue.idle.warn_after_s) < late:
                yield "I17", f"the customer of {session.id} is silent since {silent_since}"


def live(books: Books) -> Found:
    """One live session per customer: the one that goes on, and none that is over."""
    for session in books.sessions.values():
        is_live = books.live.get(session.customer_id) == session.id
        if session.over == is_live:
            yield "one live session", f"{session.id} is {session.state}, and live: {is_live}"


def opened_once(history: History) -> Found:
    """I21: a ticket opens one socket, a refresh token turns once."""
    for what, counted in (("ticket", history.redeemed), ("refresh token", history.refreshed)):
        for secret, times in counted.items():
            if times > 1:
                yield "I21", f"a {what} worked {times} times: {secret[:6]}…"


def shown(books: Books, browsers: Iterable[Browser]) -> Found:
    """I3: what each client shows has become equal to the log. And whatever was written has gone or was refused."""
    for browser in browsers:
        if browser.closed:
            continue
        if not browser.online:
            yield "I3", f"{browser.name} has not come back"
        if browser.outbox.letters:
            yield "I3", f"{browser.name} still has something to send"
        for talk in browser.talks.values():
            yield from _shows(browser, talk, books)


def _shows(browser: Browser, talk: Talk, books: Books) -> Found:
    """An agent's screen follows what lies on the desk; what has left it is read anew whenever it is opened as a record."""
    if talk.conflict:
        yield "I3", f"{browser.name} was told {talk.conflict}"
    session, staff = books.sessions.get(talk.session_id), browser.person.caller.kind == "agent"
    if session is None:
        return  # a tap that said nothing leaves nothing
    if staff and (session.owner_id != browser.person.caller.id or session.state == "closed"):
        return
    log = {e.position for e in books.logs[session.id] if staff or e.staff_seq is None}
    lacks, has = sorted(log - set(talk.messages)), sorted(set(talk.messages) - log)
    if lacks or has:
        yield "I3", f"{browser.name} shows {session.id} without {lacks} and with {has}"
    state = session.state if staff else seen_by_customer(session.state)
    if talk.state != state and not (talk.over and session.over):
        yield "I3", f"{browser.name} shows {session.id} as {talk.state}; it is {session.state}"


def own_words_are_read(history: History) -> Found:
    """Nobody has unread messages where they spoke last."""
    for what in history.unread:
        yield "unread", what


def _queues(world: "World") -> list[QueueId]:
    return [queue.id for queue in world.desk.queues.all()]
