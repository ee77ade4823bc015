"""Who gets what. The only file that makes clients, and the only one that knows every room."""

from dataclasses import dataclass
from functools import cached_property

from chalicelib.agents import api as agents_api
from chalicelib.agents.breaks import BreakReasons
from chalicelib.agents.presence import Presence
from chalicelib.agents.statuses import StatusHistory
from chalicelib.agents.store import AgentItem, AgentStore
from chalicelib.archive import api as archive_api
from chalicelib.archive.schemes import Schemes
from chalicelib.archive.service import Archive
from chalicelib.archive.store import SchemeStore
from chalicelib.attachments import api as attachments_api
from chalicelib.attachments.service import Attachments
from chalicelib.attachments.store import AttachmentStore
from chalicelib.calls import api as calls_api
from chalicelib.calls.model import usual_provider
from chalicelib.calls.outward import HttpDialler, resolved, sent
from chalicelib.calls.service import Calls
from chalicelib.calls.store import CallStore
from chalicelib.canned_answers import api as canned_answers_api
from chalicelib.canned_answers.saying import Saying
from chalicelib.canned_answers.service import CannedAnswers
from chalicelib.canned_answers.store import AnswerStore
from chalicelib.configuration import api as configuration_api
from chalicelib.configuration.rooms import Rooms
from chalicelib.configuration.service import Configuration
from chalicelib.connections.paces import Paces
from chalicelib.connections.store import ConnectionItem, ConnectionStore
from chalicelib.customers.blocks import BlockStore
from chalicelib.customers.merges import MergeStore
from chalicelib.customers.pages import PageStore
from chalicelib.customers.reveals import RevealStore
from chalicelib.customers.store import CustomerItem, CustomerStore
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.answering import OfferAnswers
from chalicelib.dispatch.ground import Ground as DispatchGround
from chalicelib.dispatch.overflow import Overflow
from chalicelib.dispatch.service import Dispatch
from chalicelib.dispatch.simulating import SimulatedRouting
from chalicelib.dispatch.transfers import Transfers
from chalicelib.gateway import system
from chalicelib.gateway.asyncapi import asyncapi
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.openapi import openapi
from chalicelib.gateway.repeats import Repeats
from chalicelib.gateway.rest import Door, Route
from chalicelib.gateway.socket import Commands, Socket
from chalicelib.kit import indexes, table
from chalicelib.kit.documents import DirectoryItem, QueueItem
from chalicelib.kit.ids import Ids
from chalicelib.kit.limits import Counted, Limits
from chalicelib.kit.log import Log, json_lines, silent
from chalicelib.kit.outside import Outside
from chalicelib.kit.values import QueueId, SessionId
from chalicelib.left_messages import api as left_messages_api
from chalicelib.left_messages.answering import Answering
from chalicelib.left_messages.handing import Handing
from chalicelib.left_messages.leaving import Leaving as LeavingMessages
from chalicelib.left_messages.service import LeftMessages
from chalicelib.mail.service import Post
from chalicelib.mail.store import MailStore
from chalicelib.office import furniture_api, staff_api
from chalicelib.office.hiring import Hiring
from chalicelib.office.leaving import Leaving
from chalicelib.office.queues import QueueOffice
from chalicelib.office.standing import Standing
from chalicelib.office.units import OrgChart
from chalicelib.permissions import api as permissions_api
from chalicelib.permissions.model import scopes
from chalicelib.queues import api as queues_api
from chalicelib.queues.figures import FigureStore
from chalicelib.queues.reading import ReadQueues
from chalicelib.queues.skills import SkillStore
from chalicelib.queues.store import QueueStore
from chalicelib.reception import api as reception_api
from chalicelib.reception.joining import Joining
from chalicelib.reception.openness import Openness
from chalicelib.reception.service import Reception
from chalicelib.reception.signing_in import SigningIn
from chalicelib.reception.starting import Starting
from chalicelib.records import api as records_api
from chalicelib.records.customers import Customers
from chalicelib.records.erasure import Erasure
from chalicelib.records.merging import Merging
from chalicelib.records.retention import Retention
from chalicelib.records.service import Records
from chalicelib.records.store import RecordStore
from chalicelib.records.trail import Trail
from chalicelib.reminders import api as reminders_api
from chalicelib.reminders.service import Reminders
from chalicelib.reminders.store import ReminderStore
from chalicelib.rounds.absence import Absence
from chalicelib.rounds.deadlines import Deadlines
from chalicelib.rounds.expiry import Expiry
from chalicelib.rounds.prompting import Prompting
from chalicelib.rounds.recount import Recount
from chalicelib.rounds.rotation import Rotation
from chalicelib.rounds.service import Rounds
from chalicelib.session_list import api as session_list_api
from chalicelib.session_list.live import LiveBoard
from chalicelib.session_list.service import SessionList
from chalicelib.session_list.watching import Watching
from chalicelib.sessions.access import Access
from chalicelib.sessions.acquaintance import Acquaintance
from chalicelib.sessions.carrying import Carrying
from chalicelib.sessions.counting import Counting
from chalicelib.sessions.items import SessionItem
from chalicelib.sessions.left_store import LeftStore
from chalicelib.sessions.model import Session, SessionEnded
from chalicelib.sessions.offered import OfferStore
from chalicelib.sessions.service import Sessions
from chalicelib.sessions.store import SessionStore
from chalicelib.sessions.telling import Telling
from chalicelib.settings import api as settings_api
from chalicelib.settings.store import SettingsStore, TagStore
from chalicelib.shifts import api as shifts_api, requests_api, sheets_api
from chalicelib.shifts.definitions import Definitions
from chalicelib.shifts.items import ScheduleItem
from chalicelib.shifts.plans import Plans
from chalicelib.shifts.reach import Reaches
from chalicelib.shifts.reading import Looking
from chalicelib.shifts.requests import Requests
from chalicelib.shifts.service import Rosters
from chalicelib.shifts.sheets import Sheets
from chalicelib.shifts.store import ShiftStore
from chalicelib.shifts.subscribing import Subscribing
from chalicelib.sign_in import api as sign_in_api
from chalicelib.sign_in.service import SignIn
from chalicelib.sign_in.store import SignInStore
from chalicelib.sign_in.tokens import Tokens
from chalicelib.sources import api as sources_api
from chalicelib.sources.categories import Categories
from chalicelib.sources.identity_keys import IdentityKeyStore
from chalicelib.sources.service import Sources
from chalicelib.sources.store import SourceStore
from chalicelib.units.service import Units
from chalicelib.units.store import UnitStore
from chalicelib.workbench import acts_api, api as workbench_api, handing_on_api
from chalicelib.workbench.bulk import Bulk
from chalicelib.workbench.handing_on import HandingOn
from chalicelib.workbench.revealing import Revealing
from chalicelib.workbench.service import Ground, Workbench
from chalicelib.workbench.setting_aside import SettingAside
from chalicelib.workbench.supervising import Supervising

TABLES = (SessionItem, AgentItem, QueueItem, ConnectionItem, DirectoryItem, CustomerItem, ScheduleItem)


def has(caller: Caller, permission: str) -> bool:
    """Whether the caller has the permission in any scope; which, the room asks."""
    return bool(scopes(caller.role_ids, permission))


@dataclass(frozen=True)
class Desk:
    """The whole house on one outside."""

    outside: Outside

    @cached_property
    def log(self) -> Log:
        return json_lines if self.outside.settings.log == "json" else silent

    @cached_property
    def ids(self) -> Ids:
        return Ids(self.outside.clock)

    @cached_property
    def limits(self) -> Limits:
        return Limits(self.outside.settings.limits)

    @cached_property
    def paces(self) -> Paces:
        return Paces(self.limits, self.outside.machine_clock)

    @cached_property
    def agents(self) -> AgentStore:
        return AgentStore()

    @cached_property
    def queues(self) -> QueueStore:
        return QueueStore()

    @cached_property
    def unit_store(self) -> UnitStore:
        return UnitStore()

    @cached_property
    def units(self) -> Units:
        return Units(self.unit_store, self.outside.clock)

    @cached_property
    def sources(self) -> SourceStore:
        return SourceStore()

    @cached_property
    def source_rules(self) -> Sources:
        return Sources(self.sources, self.queues, self.ids, self._knows_hours)

    @cached_property
    def categories(self) -> Categories:
        return Categories(
            self.sources,
            self.queues,
            self.skills,
            self.ids,
            knows_scheme=self.schemes.knows,
            knows_answer=self.canned_answers.is_shared,
            knows_hours=self._knows_hours,
        )

    def _knows_hours(self, business_hours_id: str) -> bool:
        return self.shift_store.hours.find(business_hours_id) is not None

    @cached_property
    def settings(self) -> SettingsStore:
        return SettingsStore()

    @cached_property
    def schemes(self) -> SchemeStore:
        return SchemeStore()

    @cached_property
    def scheme_rules(self) -> Schemes:
        return Schemes(self.schemes, self.ids)

    @cached_property
    def customers(self) -> CustomerStore:
        return CustomerStore()

    @cached_property
    def connections(self) -> ConnectionStore:
        return ConnectionStore()

    @cached_property
    def session_store(self) -> SessionStore:
        return SessionStore()

    @cached_property
    def delivery(self) -> Delivery:
        return Delivery(self.outside.sockets, self.connections, self.outside.machine_clock, self.log)

    @cached_property
    def telling(self) -> Telling:
        return Telling(self.delivery, self.session_store, self.outside.machine_clock)

    @cached_property
    def presence(self) -> Presence:
        return Presence(
            self.agents,
            self.break_reasons,
            self.units,
            self.delivery,
            self.ids,
            self.outside.clock,
            self.outside.machine_clock,
        )

    @cached_property
    def break_reasons(self) -> BreakReasons:
        return BreakReasons()

    @cached_property
    def sign_in(self) -> SignIn:
        now = self.outside.machine_clock
        tokens = Tokens(self.outside.keys, self.ids, now)
        return SignIn(
            SignInStore(),
            self.agents,
            self.presence,
            self.delivery,
            self.connections,
            tokens,
            self.ids,
            now,
        )

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(
            self.session_store,
            Carrying(self.attachment_store, self.session_store),
            self.telling,
            self.settings,
            self.ids,
            self.limits["messages"],
            self.outside.clock,
            self.outside.machine_clock,
            self.counting,
        )

    @cached_property
    def figures(self) -> FigureStore:
        return FigureStore(self.log)

    @cached_property
    def counting(self) -> Counting:
        return Counting(self.figures, self.queues)

    @cached_property
    def attachment_store(self) -> AttachmentStore:
        return AttachmentStore()

    @cached_property
    def attachments(self) -> Attachments:
        return Attachments(
            self.attachment_store,
            self.outside.files,
            self.ids,
            self.outside.clock,
            self.outside.machine_clock,
            self.log,
            may_say=lambda caller, of: self._session(caller, of, "session.reply").hears(),
            may_read=lambda caller, of: self._session(caller, of, "session.read"),
        )

    def _session(self, caller: Caller, session_id: SessionId, permission: str) -> Session:
        return self.sessions.get(session_id, self.access.may(caller, permission)).session

    @cached_property
    def dispatch_ground(self) -> DispatchGround:
        return DispatchGround(
            store=self.session_store,
            sessions=self.sessions,
            agents=self.agents,
            presence=self.presence,
            queues=self.queues,
            sources=self.sources,
            delivery=self.delivery,
            telling=self.telling,
            ids=self.ids,
            later=self.outside.later,
            log=self.log,
            clock=self.outside.clock,
            machine_clock=self.outside.machine_clock,
        )

    @cached_property
    def dispatch(self) -> Dispatch:
        return Dispatch(self.dispatch_ground)

    @cached_property
    def answering(self) -> OfferAnswers:
        return OfferAnswers(self.dispatch_ground, self.dispatch)

    @cached_property
    def handing_on(self) -> HandingOn:
        return HandingOn(
            access=self.access,
            answering=self.answering,
            transfers=Transfers(self.dispatch_ground, self.dispatch),
            simulated=SimulatedRouting(self.dispatch_ground, self.dispatch),
            offers=OfferStore(),
            sessions=self.sessions,
            store=self.session_store,
        )

    @cached_property
    def shift_store(self) -> ShiftStore:
        return ShiftStore()

    @cached_property
    def reaches(self) -> Reaches:
        return Reaches(self.units, self.agents)

    @cached_property
    def rosters(self) -> Rosters:
        return Rosters(
            self.shift_store,
            self.agents,
            self.ids,
            self.outside.clock,
            came_on=self.dispatch.ring_for,
        )

    @cached_property
    def shift_definitions(self) -> Definitions:
        return Definitions(self.shift_store, self.reaches, self.ids)

    @cached_property
    def plans(self) -> Plans:
        return Plans(
            self.shift_store,
            self.reaches,
            self.rosters,
            self.shift_definitions,
            self.delivery,
            self.ids,
            self.outside.clock,
        )

    @cached_property
    def roster_requests(self) -> Requests:
        return Requests(
            self.shift_store, self.reaches, self.rosters, self.delivery, self.ids, self.outside.clock
        )

    @cached_property
    def sheets(self) -> Sheets:
        return Sheets(
            self.shift_store,
            self.reaches,
            self.rosters,
            self.shift_definitions,
            self.agents,
            self.outside.clock,
        )

    @cached_property
    def subscribing(self) -> Subscribing:
        return Subscribing(self.shift_store, self.reaches, self.agents, self.outside.keys, self.outside.clock)

    @cached_property
    def looking(self) -> Looking:
        return Looking(self.shift_store, self.reaches, self.agents, self.queues, self.outside.clock)

    @cached_property
    def archive(self) -> Archive:
        return Archive(
            self.schemes,
            self.queues,
            self.sessions,
            self.dispatch,
            self.telling,
            self.sources,
            self.agents,
            self.settings,
            self.log,
            self.outside.clock,
        )

    @cached_property
    def canned_answers(self) -> CannedAnswers:
        return CannedAnswers(AnswerStore(), self.agents, self._reaches_queue, self.ids)

    def _reaches_queue(self, caller: Caller, queue_id: QueueId, permission: str) -> bool:
        return self.units.reach(caller, permission).covers(unit_id=self.queues.get(queue_id).unit_id)

    @cached_property
    def saying(self) -> Saying:
        return Saying(
            self.canned_answers, self.sessions, self.access, self.customers, self.queues, self.sources
        )

    @cached_property
    def configuration(self) -> Configuration:
        rooms = Rooms(
            tags=TagStore(),
            skills=self.skills,
            units=self.org_chart,
            office=self.queue_office,
            schemes=self.scheme_rules,
            queues=self.queues,
            sources=self.source_rules,
            source_store=self.sources,
            categories=self.categories,
            answers=self.canned_answers,
        )
        return Configuration(rooms, lambda: {h.name: h.id for h in self.shift_store.hours.all()})

    @cached_property
    def lists(self) -> SessionList:
        return SessionList(
            self.session_store,
            LeftStore(),
            RecordStore(),
            self.agents,
            self.queues,
            self.access,
            self.outside.clock,
        )

    @cached_property
    def watching(self) -> Watching:
        return Watching(
            self.connections,
            self.agents,
            self.queues,
            self.session_store,
            self.access,
            self.outside.machine_clock,
        )

    @cached_property
    def live_board(self) -> LiveBoard:
        return LiveBoard(
            self.session_store,
            self.agents,
            self.queues,
            self.figures,
            self.outside.clock,
            self.outside.machine_clock,
        )

    @cached_property
    def post(self) -> Post:
        return Post(
            MailStore(), self.outside.mail, self.outside.settings.mail_from, self.outside.clock, self.log
        )

    @cached_property
    def leaving_messages(self) -> LeavingMessages:
        return LeavingMessages(
            sources=self.sources,
            customers=self.customers,
            queues=self.queues,
            attachments=self.attachment_store,
            sessions=self.sessions,
            store=self.session_store,
            telling=self.telling,
            looking=self.looking,
            ids=self.ids,
            clock=self.outside.clock,
        )

    @cached_property
    def answering_left(self) -> Answering:
        return Answering(self.sessions, self.sources, self.post, self.outside.clock)

    @cached_property
    def left_messages(self) -> LeftMessages:
        handing = Handing(
            store=self.session_store,
            left=LeftStore(),
            sessions=self.sessions,
            agents=self.agents,
            queues=self.queues,
            log=self.log,
            clock=self.outside.clock,
            machine_clock=self.outside.machine_clock,
        )
        return LeftMessages(
            self.leaving_messages,
            self.answering_left,
            handing,
            self.dispatch,
            self.session_store,
            self.access,
        )

    @cached_property
    def records(self) -> Records:
        return Records(self.session_store, RecordStore(), self.access)

    @cached_property
    def customer_records(self) -> Customers:
        return Customers(
            self.customers, MergeStore(), self.session_store, self.records, self.trail, self.access
        )

    @cached_property
    def merging(self) -> Merging:
        return Merging(
            customers=self.customers,
            merges=MergeStore(),
            sessions=self.sessions,
            store=self.session_store,
            archive=self.archive,
            sign_in=self.sign_in,
            ids=self.ids,
            clock=self.outside.clock,
        )

    @cached_property
    def identity_keys(self) -> IdentityKeyStore:
        return IdentityKeyStore(self.sources, self.ids, self.outside.clock)

    @cached_property
    def signing_in(self) -> SigningIn:
        return SigningIn(
            sources=self.sources,
            identity_keys=self.identity_keys,
            customers=self.customers,
            merging=self.merging,
            sign_in=self.sign_in,
            ids=self.ids,
            clock=self.outside.clock,
            machine_clock=self.outside.machine_clock,
        )

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(
            self.customers,
            MergeStore(),
            self.session_store,
            self.records,
            RecordStore(),
            self.archive,
            self.attachments,
            self.post,
            self.sign_in,
            ReminderStore(),
            BlockStore(),
        )

    @cached_property
    def retention(self) -> Retention:
        return Retention(
            self.sources,
            self.queues,
            self.session_store,
            LeftStore(),
            RecordStore(),
            self.erasure,
            self.log,
            self.outside.clock,
            self.outside.machine_clock,
        )

    @cached_property
    def trail(self) -> Trail:
        return Trail(
            self.customers,
            self.sources,
            PageStore(),
            self.session_store,
            self.access,
            self.outside.clock,
        )

    @cached_property
    def access(self) -> Access:
        return Access(self.agents, self.queues, self.units)

    @cached_property
    def joining(self) -> Joining:
        return Joining(self.archive, self.dispatch, self.dispatch_ground)

    @cached_property
    def starting(self) -> Starting:
        return Starting(
            sources=self.sources,
            customers=self.customers,
            queues=self.queues,
            sessions=self.sessions,
            store=self.session_store,
            dispatch=self.dispatch,
            joining=self.joining,
            delivery=self.delivery,
            telling=self.telling,
            counting=self.counting,
            ids=self.ids,
            limits=self.limits,
            paces=self.paces,
            clock=self.outside.clock,
            machine_clock=self.outside.machine_clock,
        )

    @cached_property
    def reception(self) -> Reception:
        return Reception(
            archive=self.archive,
            signing_in=self.signing_in,
            starting=self.starting,
            leaving=self.leaving_messages,
            sources=self.sources,
            customers=self.customers,
            sessions=self.sessions,
            store=self.session_store,
            dispatch=self.dispatch,
            joining=self.joining,
            openness=Openness(
                self.queues,
                self.agents,
                self.session_store,
                self.outside.clock,
                self.outside.machine_clock,
            ),
            connections=self.connections,
            delivery=self.delivery,
            telling=self.telling,
            sign_in=self.sign_in,
            looking=self.looking,
            ids=self.ids,
            clock=self.outside.clock,
            machine_clock=self.outside.machine_clock,
        )

    @cached_property
    def ground(self) -> Ground:
        return Ground(
            access=self.access,
            answering=self.answering,
            ids=self.ids,
            agents=self.agents,
            archive=self.archive,
            connections=self.connections,
            delivery=self.delivery,
            dispatch=self.dispatch,
            left=self.answering_left,
            lists=self.lists,
            watching=self.watching,
            presence=self.presence,
            queues=self.queues,
            sources=self.sources,
            sessions=self.sessions,
            store=self.session_store,
            telling=self.telling,
            units=self.units,
            clock=self.outside.clock,
            machine_clock=self.outside.machine_clock,
        )

    @cached_property
    def workbench(self) -> Workbench:
        return Workbench(self.ground)

    @cached_property
    def supervising(self) -> Supervising:
        return Supervising(self.ground)

    @cached_property
    def setting_aside(self) -> SettingAside:
        return SettingAside(self.ground, self.customers, BlockStore())

    @cached_property
    def revealing(self) -> Revealing:
        return Revealing(self.ground, self.customers, RevealStore())

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(
            ReminderStore(),
            self.sessions,
            self.customers,
            self.access,
            Acquaintance(self.access, self.session_store),
            self.delivery,
            self.ids,
            self.outside.clock,
            self.log,
        )

    @cached_property
    def calls(self) -> Calls:
        settings = self.outside.settings
        diallers = dict(self.outside.diallers)
        if settings.call_url and settings.call_secret:
            diallers.setdefault(
                "http",
                HttpDialler(
                    settings.call_url, settings.call_secret, self.outside.machine_clock, resolved, sent
                ),
            )
        return Calls(
            CallStore(),
            self.sessions,
            self.customers,
            self.access,
            diallers,
            usual_provider(settings.call_provider),
            self.ids,
            self.outside.clock,
            self.log,
        )

    @cached_property
    def bulk(self) -> Bulk:
        return Bulk(self.workbench, self.supervising, self.setting_aside, self.outside.machine_clock)

    @cached_property
    def skills(self) -> SkillStore:
        return SkillStore()

    @cached_property
    def reading_queues(self) -> ReadQueues:
        return ReadQueues(self.queues, self.units)

    @cached_property
    def hiring(self) -> Hiring:
        return Hiring(
            self.agents,
            self.skills,
            self.units,
            self.sign_in,
            self.delivery,
            self.ids,
            self.outside.clock,
        )

    @cached_property
    def leaving(self) -> Leaving:
        return Leaving(
            self.hiring,
            self.agents,
            self.presence,
            self.sign_in,
            self.sessions,
            self.session_store,
            self.archive,
            self.dispatch,
            self.telling,
            self.ids,
            self.log,
            self.outside.clock,
            self.outside.machine_clock,
        )

    @cached_property
    def queue_office(self) -> QueueOffice:
        return QueueOffice(
            self.queues,
            self.reading_queues,
            self.skills,
            self.agents,
            self.schemes,
            self.sources,
            self.session_store,
            self.dispatch,
            self.units,
            self.ids,
        )

    @cached_property
    def standing(self) -> Standing:
        return Standing(
            self.reading_queues,
            self.queues,
            self.agents,
            self.session_store,
            self.outside.clock,
            self.outside.machine_clock,
        )

    @cached_property
    def org_chart(self) -> OrgChart:
        return OrgChart(self.unit_store, self.units, self.agents, self.queues, self.ids)

    @cached_property
    def rounds(self) -> Rounds:
        prompting = Prompting(
            store=self.session_store,
            sessions=self.sessions,
            agents=self.agents,
            queues=self.queues,
            dispatch=self.dispatch,
            telling=self.telling,
            delivery=self.delivery,
            clock=self.outside.clock,
            machine_clock=self.outside.machine_clock,
        )
        expiry = Expiry(
            self.session_store,
            self.sessions,
            self.queues,
            self.archive,
            self.answering,
            Overflow(self.dispatch_ground, self.dispatch),
            self.records,
            self.connections,
            self.telling,
            prompting,
            self.log,
            self.outside.clock,
            self.outside.machine_clock,
        )
        absence = Absence(
            self.agents,
            self.presence,
            self.leaving,
            self.log,
            self.outside.clock,
            self.outside.machine_clock,
        )
        recount = Recount(self.agents, self.session_store, self.log)
        rotation = Rotation(
            self.shift_store,
            self.agents,
            self.rosters,
            self.sessions,
            self.dispatch,
            self.delivery,
            self.log,
            self.outside.clock,
            self.outside.machine_clock,
        )
        return Rounds(
            self.queues,
            self.dispatch,
            self.left_messages,
            expiry,
            absence,
            recount,
            self.attachments,
            self.retention,
            rotation,
            self.plans,
            self.reminders,
            self.log,
        )

    @cached_property
    def deadlines(self) -> Deadlines:
        return Deadlines(self.answering, self.log)

    @cached_property
    def commands(self) -> Commands:
        commands = Commands()
        reception_api.commands(commands, self.reception)
        workbench_api.commands(commands, self.workbench)
        acts_api.commands(commands, self.supervising)
        session_list_api.commands(commands, self.watching)
        handing_on_api.commands(commands, self.handing_on)
        return commands

    @cached_property
    def socket(self) -> Socket:
        return Socket(
            self.commands,
            self.delivery,
            self.connections,
            has=has,
            still=self.sign_in.still,
            gone=self._gone,
            frames=Counted(self.limits["frames"]),
            log=self.log,
            machine_clock=self.outside.machine_clock,
        )

    def _gone(self, caller: Caller) -> None:
        (self.reception if caller.kind == "customer" else self.workbench).gone(caller)

    @cached_property
    def routes(self) -> list[Route]:
        now = self.outside.machine_clock
        rooms = (
            sign_in_api.routes(
                self.sign_in, self.agents, self.outside.settings.socket_url, self.outside.clock, now
            ),
            reception_api.routes(self.reception),
            session_list_api.routes(self.lists, self.access, self.watching, self.live_board, self.agents),
            records_api.routes(self.records, self.customer_records, self.erasure, self.merging, self.trail),
            workbench_api.routes(self.workbench, self.outside.clock, now),
            acts_api.routes(self.supervising, self.setting_aside, self.bulk, self.revealing),
            handing_on_api.routes(self.handing_on),
            calls_api.routes(self.calls),
            reminders_api.routes(self.reminders),
            attachments_api.routes(self.attachments, saying=(SessionEnded,)),
            agents_api.routes(
                self.agents,
                self.break_reasons,
                StatusHistory(),
                self.units,
                self.outside.clock,
                now,
            ),
            queues_api.routes(self.reading_queues),
            shifts_api.routes(self.plans, self.shift_definitions, self.looking),
            requests_api.routes(self.roster_requests, self.looking),
            sheets_api.routes(self.sheets, self.subscribing),
            staff_api.routes(self.hiring, self.leaving, self.outside.clock, now),
            furniture_api.routes(self.org_chart, self.skills, self.queue_office, self.standing),
            archive_api.routes(self.scheme_rules),
            canned_answers_api.routes(self.canned_answers, self.saying),
            configuration_api.routes(self.configuration),
            settings_api.routes(self.settings, TagStore()),
            permissions_api.routes(),
            left_messages_api.routes(self.left_messages),
            sources_api.routes(self.source_rules, self.categories, self.identity_keys),
            system.routes(self.outside.clock, self.openapi, self.asyncapi),
        )
        return [route for room in rooms for route in room.all]

    @cached_property
    def door(self) -> Door:
        repeats = Repeats(self.outside.keys, self.outside.machine_clock, self.log)
        return Door(
            sign_in=self.sign_in.caller,
            has=has,
            repeats=repeats,
            count=self.paces.count,
            edge_key=self.outside.settings.edge_key,
            log=self.log,
        )

    def openapi(self) -> str:
        return openapi(self.routes, system.VERSION)

    def asyncapi(self) -> str:
        return asyncapi(self.commands, system.VERSION)


_desk: Desk | None = None


def use(outside: Outside) -> Desk:
    """Builds the house on what the stand-in brings; called before `app` is imported."""
    global _desk  # noqa: PLW0603  # Lambda's entry is a module: so is what it stands on
    table.use(outside.dynamo)
    _desk = Desk(outside)
    return _desk


def desk() -> Desk:
    """The house this process runs: what `use` built, or the cloud's."""
    if _desk is not None:
        return _desk
    from chalicelib.cloud import outside  # noqa: PLC0415  # botocore is the cloud's alone

    return use(outside())


def create_tables() -> None:
    """On one machine: the tables and indexes that the cloud's template makes, of an earlier release's too.

    There already: nothing is done, at one DescribeTable each.
    """
    for model in TABLES:
        there = indexes.described(model)
        if there is None:
            model.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
        else:
            indexes.bring_up_to_date(model, there)
