"""Run by a deployment in a process of its own: the owner, and a desk to begin at. What is there already stays as it is.

Written by the very stores that the functions use, with the deployer's own rights: no function that could make an owner exists,
and the password passes through no log, template or event. The tables are those that DESKBELL_TABLES names.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from chalicelib import wiring
from chalicelib.kit.documents import AlreadyExists
from chalicelib.queues.model import Member, Queue
from infra.local.seed import AFTER_TALK, CATEGORIES, SCHEME, SOURCE, SUPPORT, seed
from infra.local.settings import LocalSettings

T = TypeVar("T")


def main() -> None:
    desk = wiring.desk()
    settings = LocalSettings.from_environment()
    settled = LocalSettings(
        demo="0",
        owner_email=settings.owner_email or "owner@deskbell.local",
        owner_password=settings.owner_password,
    )
    for line in seed(desk, settled).lines:
        print(line)
    if not settings.with_demo:
        return
    _once(desk.schemes.create, SCHEME)
    _once(desk.queues.create, Queue(id=SUPPORT, name="Support", scheme_id=AFTER_TALK))
    for category in CATEGORIES:
        _once(desk.sources.create_category, category)
    _once(desk.sources.create, SOURCE)
    owner = desk.agents.by_email(settled.owner_email)
    if owner and SUPPORT not in owner.queue_ids:
        _once(lambda member: desk.queues.add_member(SUPPORT, member), Member(agent_id=owner.id))
        desk.agents.join_queue(owner.id, SUPPORT)
    print(f"Source: {SOURCE.key} ({SOURCE.name}), answered by {settled.owner_email}")


def _once(create: Callable[[T], None], what: T) -> None:
    with suppress(AlreadyExists):
        create(what)


if __name__ == "__main__":
    main()
