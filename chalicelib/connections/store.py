"""Open sockets by person, and the watchers of a list.

    person ("agent:…", "customer:…")  ·  connection_id  →  lease_until, the sign-in it came from
    "came:<person>"                   ·  connection_id  →  the sign-in it came from; every socket, whether it said hello or not
    "polls:<person>"                  ·  "poll"         →  lease_until
    "watch:<what>"                    ·  connection_id  →  person, lease_until, of what kinds
    "strikes:<connection_id>"         ·  connection_id  →  how many malformed frames came through it

Opening, renewing and closing cost one write. Who is connected is one eventually consistent Query (half a unit to 4 KB).
Leases are judged by the reader; TTL only collects what is long dead.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import UpdateError

from chalicelib.connections.model import LEASE, MOST_SOCKETS, POLL_LEASE, WATCH_LEASE, Connection, Person
from chalicelib.kit.clock import to_ms
from chalicelib.kit.table import Table, get_raw, named, query_all, update_only, was_refused
from chalicelib.kit.values import ConnectionId


class ConnectionItem(Table):
    class Meta(Table.Meta):
        table_name = named("connections")

    person = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    of = UnicodeAttribute(null=True)
    family = UnicodeAttribute(null=True)
    kinds = UnicodeSetAttribute(null=True)
    lease_until = NumberAttribute()
    expires = TTLAttribute()


class StrikesItem(Table):
    class Meta(Table.Meta):
        table_name = named("connections")

    person = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    strikes = NumberAttribute()
    expires = TTLAttribute()


class ConnectionStore:
    def came(self, connection: Connection, at: datetime) -> None:
        """A socket was let in. It hears nothing before it says hello, and who signs out ends it all the same."""
        self._item(f"came:{connection.person.key}", connection, at + WATCH_LEASE).save()

    def let_in(self, person: Person) -> list[Connection]:
        """Every socket that may still be open of them, those that never said hello too."""
        found = [*query_all(ConnectionItem, f"came:{person.key}"), *query_all(ConnectionItem, person.key)]
        return list(dict.fromkeys(_connection(raw, person) for raw in found))

    def forget(self, connection: Connection) -> None:
        self.close(connection)
        ConnectionItem(f"came:{connection.person.key}", connection.id).delete()

    def open(self, connection: Connection, at: datetime) -> list[Connection]:
        """Gives those that are one too many by now, whose leases end first: to be closed."""
        self._item(connection.person.key, connection, at + LEASE[connection.person.kind]).save()
        others = [
            raw
            for raw in query_all(ConnectionItem, connection.person.key)
            if raw["connection_id"]["S"] != connection.id
        ]
        others.sort(key=lambda raw: float(raw["lease_until"]["N"]))
        extra = [
            Connection(ConnectionId(raw["connection_id"]["S"]), connection.person)
            for raw in others[: max(0, len(others) + 1 - MOST_SOCKETS)]
        ]
        for one in extra:
            self.close(one)
        return extra

    def renew(self, connection: Connection, at: datetime) -> bool:
        """Moves the lease on. False if the connection had been forgotten: it must say hello again."""
        until = at + LEASE[connection.person.kind]
        try:
            update_only(
                self._key(connection),
                [ConnectionItem.lease_until.set(to_ms(until)), ConnectionItem.expires.set(until)],
                ConnectionItem.person.exists(),
            )
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def strike(self, connection: Connection, at: datetime) -> int:
        """One more malformed frame; how many there were so far. Counted whether the socket said hello or not."""
        item = StrikesItem(f"strikes:{connection.id}", connection.id)
        item.update(actions=[StrikesItem.strikes.add(1), StrikesItem.expires.set(at + WATCH_LEASE)])
        return int(item.strikes)

    def close(self, connection: Connection) -> None:
        self._key(connection).delete()

    def of(self, person: Person, now: datetime) -> list[Connection]:
        """The open connections of a person: half a read unit."""
        return [
            _connection(raw, person)
            for raw in query_all(ConnectionItem, person.key)
            if float(raw["lease_until"]["N"]) > to_ms(now)
        ]

    def polled(self, person: Person, at: datetime) -> None:
        """Somebody without a socket asked just now."""
        until = at + POLL_LEASE
        ConnectionItem(f"polls:{person.key}", "poll", lease_until=to_ms(until), expires=until).save()

    def polls(self, person: Person, now: datetime) -> bool:
        """Whether somebody without a socket asked not long ago."""
        raw = get_raw(ConnectionItem, f"polls:{person.key}", "poll", consistent=False)
        return raw is not None and float(raw["lease_until"]["N"]) > to_ms(now)

    def watch(self, names: Iterable[str], kinds: Iterable[str], connection: Connection, at: datetime) -> None:
        """These kinds of news of each come to this socket from now on, besides those that came already."""
        until = at + WATCH_LEASE
        for name in names:
            ConnectionItem(f"watch:{name}", connection.id).update(
                actions=[
                    ConnectionItem.of.set(connection.person.key),
                    ConnectionItem.lease_until.set(to_ms(until)),
                    ConnectionItem.expires.set(until),
                    ConnectionItem.kinds.add(set(kinds)),
                ]
            )

    def unwatch(self, names: Iterable[str], kinds: Iterable[str], connection: Connection) -> None:
        """Not watched at all: nothing changes."""
        for name in names:
            item = ConnectionItem(f"watch:{name}", connection.id)
            try:
                update_only(item, [ConnectionItem.kinds.delete(set(kinds))], ConnectionItem.person.exists())
            except UpdateError as error:
                if not was_refused(error):
                    raise

    def forget_watcher(self, names: Iterable[str], connection: Connection) -> None:
        """Its socket is gone."""
        for name in names:
            ConnectionItem(f"watch:{name}", connection.id).delete()

    def watchers(self, name: str, now: datetime) -> list[tuple[Connection, frozenset[str]]]:
        """Each with the kinds of news it wants: half a read unit."""
        return [
            (
                Connection(
                    ConnectionId(raw["connection_id"]["S"]),
                    Person("agent", raw["of"]["S"].partition(":")[2]),
                ),
                frozenset(raw["kinds"]["SS"]),
            )
            for raw in query_all(ConnectionItem, f"watch:{name}")
            if "kinds" in raw and float(raw["lease_until"]["N"]) > to_ms(now)
        ]

    @staticmethod
    def _key(connection: Connection) -> ConnectionItem:
        return ConnectionItem(connection.person.key, connection.id)

    @staticmethod
    def _item(partition: str, connection: Connection, until: datetime) -> ConnectionItem:
        return ConnectionItem(
            partition,
            connection.id,
            of=connection.person.key,
            family=connection.family,
            lease_until=to_ms(until),
            expires=until,
        )


def _connection(raw: dict[str, Any], person: Person) -> Connection:
    family = raw["family"]["S"] if "family" in raw else None
    return Connection(ConnectionId(raw["connection_id"]["S"]), person, family)
