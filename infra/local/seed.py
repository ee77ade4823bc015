"""What a first start puts in: the owner, and for the demo a shop with a queue, categories, a scheme and three agents."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from chalicelib.agents.model import Agent
from chalicelib.archive.model import Option, Scheme
from chalicelib.kit.documents import AlreadyExists
from chalicelib.kit.values import AgentId, CategoryId, QueueId, SchemeId, SourceId
from chalicelib.queues.model import Member, Queue
from chalicelib.sources.model import Category, Source
from chalicelib.wiring import Desk
from infra.local.settings import LocalSettings

T = TypeVar("T")
DEMO_PASSWORD = "deskbell-demo"  # noqa: S105  # printed at the first start: it opens a demo on loopback
SUPPORT = QueueId("support")
SHOP = SourceId("demo")
AFTER_TALK = SchemeId("after-talk")


@dataclass
class Seeded:
    """What to tell the person who started it, once."""

    lines: list[str] = field(default_factory=list)


def seed(desk: Desk, settings: LocalSettings) -> Seeded:
    """Everything a new data folder begins with. A start that was cut short is finished by the next."""
    said = Seeded()
    _owner(desk, settings, said)
    if settings.with_demo:
        _demo(desk, said)
    return said


def _owner(desk: Desk, settings: LocalSettings, said: Seeded) -> None:
    email = settings.owner_email or "owner@deskbell.local"
    if desk.agents.by_email(email):
        return
    password = settings.owner_password or desk.ids.secret()[:20]
    _agent(desk, email, "Owner", ("owner",), password)
    shown = "the password you set" if settings.owner_password else f"password {password}"
    said.lines.append(f"Owner: {email}, {shown} (shown this once)")


def _demo(desk: Desk, said: Seeded) -> None:
    _shop(desk)
    for email, alias, roles in (
        ("ann@demo.local", "Ann", ("agent",)),
        ("bob@demo.local", "Bob", ("agent",)),
        ("sue@demo.local", "Sue", ("supervisor",)),
    ):
        agent = desk.agents.by_email(email) or _agent(desk, email, alias, roles, DEMO_PASSWORD)
        _once(lambda member: desk.queues.add_member(SUPPORT, member), Member(agent_id=agent.id))
        if SUPPORT not in agent.queue_ids:
            desk.agents.join_queue(agent.id, SUPPORT)
    said.lines.append(
        f"Agents: ann@demo.local, bob@demo.local and sue@demo.local (supervisor), password {DEMO_PASSWORD}"
    )


def _agent(desk: Desk, email: str, alias: str, roles: tuple[str, ...], password: str) -> Agent:
    agent = Agent(
        id=AgentId(desk.ids.new()),
        email=email,
        alias=alias,
        role_ids=roles,
        created_at=desk.outside.clock(),
    )
    desk.agents.create(agent, desk.ids.new())
    desk.sign_in.set_password(agent.id, password)
    return agent


def _shop(desk: Desk) -> None:
    _once(desk.schemes.create, SCHEME)
    _once(desk.queues.create, Queue(id=SUPPORT, name="Support", scheme_id=AFTER_TALK))
    for category in CATEGORIES:
        _once(desk.sources.create_category, category)
    _once(desk.sources.create, SOURCE)


def _once(create: Callable[[T], None], what: T) -> None:
    """There already: an earlier start put it in, and somebody may have changed it since."""
    with suppress(AlreadyExists):
        create(what)


SOURCE = Source(
    id=SHOP,
    key="demo",
    name="Fernhill Outfitters",
    default_queue_id=SUPPORT,
    greeting={"en": "Hello! What can we help you with?", "zh-CN": "您好！请问有什么可以帮您？"},
)

CATEGORIES = tuple(
    Category(id=CategoryId(key), label={"en": en, "zh-CN": zh}, order=order)
    for order, (key, en, zh) in enumerate(
        (
            ("orders", "Orders and delivery", "订单与物流"),
            ("refunds", "Returns and refunds", "退换货与退款"),
            ("sizes", "Sizes and products", "尺码与商品"),
            ("other", "Something else", "其他问题"),
        )
    )
)

SCHEME = Scheme(
    id=AFTER_TALK,
    name="After the talk",
    status="published",
    options=[
        Option(option_id=key, parent_id=parent, label={"en": en, "zh-CN": zh}, requires_note=note)
        for key, parent, en, zh, note in (
            ("orders", None, "Order", "订单", False),
            ("orders.where", "orders", "Where is my order", "查询物流", False),
            ("orders.change", "orders", "Change an order", "修改订单", False),
            ("orders.damaged", "orders", "Damaged or missing", "破损或缺件", True),
            ("refunds", None, "Return or refund", "退换货", False),
            ("refunds.how", "refunds", "How to return", "如何退货", False),
            ("refunds.when", "refunds", "When is it paid back", "退款时间", False),
            ("product", None, "Product question", "商品咨询", False),
            ("other", None, "Something else", "其他", True),
        )
    ],
)
