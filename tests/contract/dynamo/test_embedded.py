"""What only our own engine promises: refusing by name, expiry on demand, its file, pynamodb on top."""

import multiprocessing
import resource
import shutil
import sqlite3
from contextlib import closing

import pytest
from botocore.exceptions import ClientError
from pynamodb.attributes import (
    BinaryAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from infra.local.dynamo import (
    DamagedStore,
    EmbeddedDynamo,
    NewerStore,
    StoreClosed,
    StoreInUse,
    UnusableStore,
)
from infra.local.dynamo.storage.schema import FORM
from tests.contract.dynamo.desk import Desk
from tests.contract.dynamo.engines import EMBEDDED, running, tables_of
from tests.contract.dynamo.test_later_indexes import attributes, index
from tests.contract.dynamo.values import item

FIVE_YEARS = 5 * 365 * 24 * 3600
NOW = 1_800_000_000


@pytest.fixture(params=EMBEDDED)
def own(request, tmp_path) -> Desk:
    """A store of the test's own."""
    with running(request.param, tmp_path) as client, tables_of(client) as tables:
        yield Desk(client, tables)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.db"


def filled(path) -> None:
    """A store with one table and one item."""
    engine = EmbeddedDynamo(path)
    engine._make_api_call("CreateTable", TABLE)
    engine._make_api_call("PutItem", {"TableName": "t", "Item": item(pk="a", v=1)})
    engine.close()


TABLE = {
    "TableName": "t",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.mark.parametrize(
    "operation", ["UpdateContinuousBackups", "ExecuteStatement", "CreateBackup", "Nonsense"]
)
def test_an_operation_it_does_not_do_is_refused_by_name(own, operation):
    response = own.refused(operation, "UnknownOperationException")
    assert operation in response["Error"]["Message"]


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        ("PutItem", "Expected"),
        ("PutItem", "ConditionalOperator"),
        ("PutItem", "ReturnItemCollectionMetrics"),
        ("UpdateItem", "AttributeUpdates"),
        ("GetItem", "AttributesToGet"),
        ("Query", "KeyConditions"),
        ("Query", "QueryFilter"),
        ("Scan", "Segment"),
        ("CreateTable", "StreamSpecification"),
        ("UpdateTable", "BillingMode"),
        ("UpdateTable", "DeletionProtectionEnabled"),
        ("UpdateTable", "GlobalTableWitnessUpdates"),
        ("UpdateTable", "MultiRegionConsistency"),
        ("UpdateTable", "OnDemandThroughput"),
        ("UpdateTable", "ProvisionedThroughput"),
        ("UpdateTable", "ReplicaUpdates"),
        ("UpdateTable", "SSESpecification"),
        ("UpdateTable", "StreamSpecification"),
        ("UpdateTable", "TableClass"),
        ("UpdateTable", "WarmThroughput"),
        ("TransactWriteItems", "Nonsense"),
    ],
)
def test_a_parameter_it_does_not_do_is_refused_by_name(own, operation, parameter):
    response = own.refused(operation, **{parameter: "x"})
    assert parameter in response["Error"]["Message"]


def test_a_parameter_it_does_not_do_is_refused_inside_a_transaction_too(own):
    action = {"Put": {"TableName": "things", "Item": own.key(), "Expected": {}}}
    assert "Expected" in own.refused("TransactWriteItems", TransactItems=[action])["Error"]["Message"]


@pytest.mark.parametrize(
    ("update", "named"),
    [
        ({"Update": {"IndexName": "by_rank", "ProvisionedThroughput": {}}}, "Update"),
        ({"Create": {"IndexName": "later", "OnDemandThroughput": {}}}, "OnDemandThroughput"),
        ({"Create": {"IndexName": "later", "WarmThroughput": {}}}, "WarmThroughput"),
    ],
)
def test_what_it_does_not_do_to_an_index_is_refused_by_name(own, update, named):
    response = own.refused("UpdateTable", TableName="things", GlobalSecondaryIndexUpdates=[update])
    assert f'"{named}"' in response["Error"]["Message"]


def test_an_index_key_of_another_type_than_the_tables_is_refused(own):
    """AWS is said to keep the older type and to make an index that isn't the one asked for."""
    response = own.refused(
        "UpdateTable",
        TableName="things",
        AttributeDefinitions=attributes(r="S"),
        GlobalSecondaryIndexUpdates=[{"Create": index("later", "r")}],
    )
    assert "r is a key of type N in this table, not S" in response["Error"]["Message"]


def test_a_table_has_at_most_25_indexes_made_at_once_or_later(own):
    for n in range(25 - 4):
        make_index(own, f"later {n}")
    with pytest.raises(ClientError, match="at most 25 secondary indexes"):
        make_index(own, "one too many")


def make_index(desk, name: str) -> None:
    updates = [{"Create": index(name, "g")}]
    desk.call("UpdateTable", TableName="things", AttributeDefinitions=attributes(g="S"),
              GlobalSecondaryIndexUpdates=updates)  # fmt: skip


def test_indexes_made_and_dropped_are_found_again_with_their_entries(tmp_path):
    with running("embedded-file", tmp_path) as client:
        desk = Desk(client, tables_of(client).__enter__())
        desk.put("a", g=desk.pk, r=2, place="x")
        for name in ("later", "latest"):
            make_index(desk, name)
        for name in ("by_rank", "later"):
            drop_index(desk, name)
        desk.put("b", g=desk.pk, r=1)
    with running("embedded-file", tmp_path) as client:
        desk.client = client
        make_index(desk, "later")
        for name in ("keys_only", "latest", "later"):
            assert sorted(desk.sks("g = :pk", IndexName=name)) == ["a", "b"]
        assert desk.sks("g = :pk", IndexName="with_text") == ["b", "a"]
        assert desk.sks(IndexName="local") == ["a"]
        desk.call("DeleteTable", TableName="things")
        assert client._store.read(lambda db: db.execute("SELECT count(*) FROM entries").fetchone()) == (0,)


def drop_index(desk, name: str) -> None:
    updates = [{"Delete": {"IndexName": name}}]
    desk.call("UpdateTable", TableName="things", GlobalSecondaryIndexUpdates=updates)


def test_who_reads_along_an_index_while_it_is_dropped_reads_no_other_indexs_entries(own):
    """The Query is read before, and answered after: the place of what is dropped is given to nothing else."""
    own.put("a", g=own.pk, r=1)
    table = own.client._catalog.table(own.tables["things"])
    dropped = table.index("by_rank")
    drop_index(own, "by_rank")
    make_index(own, "later")
    left = own.client._catalog.table(own.tables["things"]).indexes
    assert dropped.number not in {each.number for each in left}
    assert own.client._store.read(
        lambda db: db.execute("SELECT count(*) FROM entries WHERE i = ?", (dropped.number,)).fetchone()
    ) == (0,)


def test_what_was_refused_can_be_corrected_and_sent_again(own):
    """Requests are read, never changed."""
    request = {
        "TableName": own.tables["things"],
        "Item": own.key() | {"n": {"N": "1.0"}, "s": {"NS": ["2", "1"]}},
    }
    before = repr(request)
    own.call("PutItem", **request)
    assert repr(request) == before


def test_expiry_deletes_what_is_past_its_time_and_nothing_else(own):
    own.call(
        "UpdateTimeToLive",
        TableName="things",
        TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
    )
    own.put("past", until=NOW - 1)
    own.put("now", until=NOW)
    own.put("future", until=NOW + 1)
    own.put("never")
    own.put("text", until=str(NOW - 1))
    own.put("long ago", until=NOW - FIVE_YEARS - 1)
    assert own.client.expire(NOW) == 2
    assert own.sks() == ["future", "long ago", "never", "text"]
    assert own.client.expire(NOW) == 0


def test_expiry_follows_the_item_and_not_what_it_was(own):
    own.call(
        "UpdateTimeToLive",
        TableName="things",
        TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
    )
    own.put("a", until=NOW)
    own.put("b", until=NOW + 9)
    own.put("c", until=NOW)
    own.update("SET #until = :later", "a", names={"until": "until"}, values={"later": NOW + 9})
    own.update("SET #until = :now", "b", names={"until": "until"}, values={"now": NOW})
    own.update("REMOVE #until", "c", names={"until": "until"})
    assert own.client.expire(NOW) == 1
    assert own.sks() == ["a", "c"]


def test_expiry_stops_at_its_limit_and_goes_on_the_next_time(own):
    own.call(
        "UpdateTimeToLive",
        TableName="things",
        TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
    )
    for n in range(5):
        own.put(str(n), until=NOW - n, g=own.pk, r=n)
    assert own.client.expire(NOW, limit=3) == 3
    assert own.sks() == ["0", "1"]
    assert own.client.expire(NOW, limit=3) == 2
    assert own.sks("g = :pk", IndexName="by_rank") == []


def test_expiry_knows_what_was_there_before_it_was_switched_on(own):
    own.put("old", until=NOW)
    assert own.client.expire(NOW) == 0
    own.call(
        "UpdateTimeToLive",
        TableName="things",
        TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
    )
    assert own.get("old")
    assert own.client.expire(NOW) == 1


def test_a_token_is_forgotten_after_ten_minutes(tmp_path):
    now = [1000.0]
    engine = EmbeddedDynamo(clock=lambda: now[0])
    engine._make_api_call("CreateTable", TABLE)
    add = {"TransactItems": [{"Update": {"TableName": "t", "Key": item(pk="a"), "UpdateExpression": "ADD n :one",
                                         "ExpressionAttributeValues": {":one": {"N": "1"}}}}],
           "ClientRequestToken": "token"}  # fmt: skip
    for _ in range(2):
        engine._make_api_call("TransactWriteItems", add)
    now[0] += 600
    engine._make_api_call("TransactWriteItems", add)
    found = engine._make_api_call("GetItem", {"TableName": "t", "Key": item(pk="a")})
    assert found["Item"]["n"] == {"N": "2"}
    engine.close()


def test_a_token_survives_a_restart(path):
    add = {"TransactItems": [{"Put": {"TableName": "t", "Item": item(pk="b"),
                                      "ConditionExpression": "attribute_not_exists(pk)"}}],
           "ClientRequestToken": "token"}  # fmt: skip
    filled(path)
    for _ in range(2):
        engine = EmbeddedDynamo(path)
        engine._make_api_call("TransactWriteItems", add)
        engine.close()


def test_a_store_is_found_again_with_its_tables_indexes_and_items(tmp_path):
    with running("embedded-file", tmp_path) as client:
        for_all = tables_of(client)
        desk = Desk(client, for_all.__enter__())
        desk.call(
            "UpdateTimeToLive",
            TableName="things",
            TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
        )
        desk.put("b", g=desk.pk, r=1, until=NOW)
        desk.put("a", g=desk.pk, r=2, b=b"\x00")
    with running("embedded-file", tmp_path) as client:
        desk.client = client
        assert desk.sks("g = :pk", IndexName="by_rank") == ["b", "a"]
        assert desk.get("a")["b"] == b"\x00"
        assert client.expire(NOW) == 1


@pytest.mark.parametrize("engine", EMBEDDED)
def test_a_closed_store_refuses(engine, tmp_path):
    with running(engine, tmp_path) as client:
        client.close()
        for operation in ("ListTables", "CreateTable"):
            with pytest.raises(StoreClosed):
                client._make_api_call(operation, TABLE if operation == "CreateTable" else {})


def test_a_second_process_is_told_that_the_store_is_in_use(path):
    engine = EmbeddedDynamo(path)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_opening, (str(path),)).startswith("StoreInUse")
        engine.close()
        assert pool.apply(_opening, (str(path),)) == "opened"


def _opening(path: str) -> str:
    try:
        EmbeddedDynamo(path).close()
    except StoreInUse as error:
        return f"StoreInUse: {error}"
    return "opened"


def _cut_short(path):
    path.write_bytes(path.read_bytes()[:9000])


def _scribbled_on(path):
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xa5" * 4096
    path.write_bytes(content)


def _headless(path):
    path.write_bytes(b"x" * 8192)


def _of_another_program(path):
    path.unlink()
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE theirs (x)")
    db.commit()
    db.close()


@pytest.mark.parametrize("damage", [_cut_short, _scribbled_on, _headless, _of_another_program])
def test_a_damaged_file_is_refused_and_left_as_it_is(path, damage):
    filled(path)
    damage(path)
    before = path.read_bytes()
    with pytest.raises(DamagedStore, match=r"store\.db.*\.$"):
        EmbeddedDynamo(path)
    assert path.read_bytes() == before


def test_a_place_that_can_not_be_written_is_no_damage(path):
    with pytest.raises(UnusableStore, match=r"store\.db can't be opened \(No such file or directory\)"):
        EmbeddedDynamo(path / "store.db")


def test_a_full_disk_at_the_opening_is_no_damage(path):
    """The file is sound; what can't be made is the memory that its connections share."""
    filled(path)
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(UnusableStore, match=r"store\.db can't be opened"):
            EmbeddedDynamo(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    EmbeddedDynamo(path).close()


def test_a_store_is_for_its_owners_eyes_only(path):
    engine = EmbeddedDynamo(path)
    engine._make_api_call("CreateTable", TABLE)
    modes = {file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    engine.close()
    assert modes == {0o600}


def test_a_log_without_its_file_is_refused_and_left_as_it_is(path):
    log = path.with_name("store.db-wal")
    log.write_bytes(b"left behind")
    with pytest.raises(DamagedStore, match=r"store\.db-wal"):
        EmbeddedDynamo(path)
    assert log.read_bytes() == b"left behind"
    assert not path.exists()


def test_a_file_is_synced_at_every_commit(path):
    engine = EmbeddedDynamo(path)
    asked = [
        engine._store._db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "fullfsync")
    ]
    engine.close()
    assert asked == ["wal", 2, 1]


def test_a_newer_releases_file_is_refused_and_left_as_it_is(path):
    filled(path)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {FORM + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(NewerStore, match="later release"):
        EmbeddedDynamo(path)
    assert path.read_bytes() == before


def test_a_newer_form_that_stands_in_the_log_alone_is_seen(path):
    """As a crash leaves it: the file's own first bytes still have the older one."""
    filled(path)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {FORM + 1}")
    crashed = path.with_name("crashed.db")
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", f"{crashed}{end}")
    db.close()
    with pytest.raises(NewerStore, match="later release"):
        EmbeddedDynamo(crashed)


def form_of(path) -> int:
    with closing(sqlite3.connect(path)) as db:
        (form,) = db.execute("PRAGMA user_version").fetchone()
    return int(form)


def test_an_earlier_releases_file_stays_one_until_an_index_of_it_is_made_later(path):
    filled(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 1")
    filled_further = EmbeddedDynamo(path)
    filled_further._make_api_call("PutItem", {"TableName": "t", "Item": item(pk="b", g="x")})
    filled_further.close()
    assert form_of(path) == 1
    engine = EmbeddedDynamo(path)
    make_index(Desk(engine, {"things": "t"}), "later")
    engine.close()
    assert form_of(path) == FORM


def test_a_refused_store_can_be_opened_when_it_is_mended(path):
    """A refusal holds no lock."""
    filled(path)
    good = path.read_bytes()
    _headless(path)
    with pytest.raises(DamagedStore):
        EmbeddedDynamo(path)
    path.write_bytes(good)
    EmbeddedDynamo(path).close()


class Thing(Model):
    class Meta:
        table_name = "pynamodb-things"
        region = "us-east-1"

    pk = UnicodeAttribute(hash_key=True)
    sk = NumberAttribute(range_key=True)
    text = UnicodeAttribute(null=True)
    raw = BinaryAttribute(null=True, legacy_encoding=False)
    tags = UnicodeSetAttribute(null=True)
    more = MapAttribute(null=True)


@pytest.fixture
def things(own):
    """A pynamodb model whose connection has our engine for its client."""
    connection = Thing._get_connection()
    connection.connection._client = own.client
    Thing.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    yield Thing
    Thing._connection = None


def test_pynamodb_saves_finds_updates_and_deletes(things):
    things("a", 1, text="x", raw=b"\x00\x01", tags={"p", "q"}, more={"deep": [1]}).save(
        things.pk.does_not_exist()
    )
    things("a", 2.5, text="y").save()
    with pytest.raises(PutError, match="ConditionalCheckFailed"):
        things("a", 1).save(things.pk.does_not_exist())
    found = things.get("a", 1, consistent_read=True)
    assert (found.raw, found.tags, found.more["deep"]) == (b"\x00\x01", {"p", "q"}, [1])
    found.update(actions=[things.text.set("z"), things.tags.delete({"p"})], condition=things.text == "x")
    assert [(each.sk, each.text) for each in things.query("a", things.sk >= 1)] == [(1, "z"), (2.5, "y")]
    found.delete()
    assert [each.sk for each in things.scan()] == [2.5]
    assert things.count("a") == 1


def test_pynamodb_is_told_why_a_transaction_was_cancelled(things):
    things("a", 1, text="x").save()
    connection = Connection(region="us-east-1")
    connection._client = things._get_connection().connection.client
    transaction = TransactWrite(connection=connection)
    transaction.save(things("b", 1))
    transaction.delete(things("a", 1), condition=things.text == "other")
    with pytest.raises(TransactWriteError) as caught:
        transaction._commit()
    codes = [reason.code if reason else None for reason in caught.value.cancellation_reasons]
    assert sorted(codes, key=str) == ["ConditionalCheckFailed", None]


def test_a_broken_request_is_refused_and_the_store_goes_on(own):
    """Whatever is sent, the answer is a refusal."""
    for bad in ({"Item": 5}, {"Item": {"pk": "x"}}, {"Item": {"pk": {"S": "\ud800"}}}, {"Item": None}, {}):
        with pytest.raises(ClientError):
            own.call("PutItem", TableName="things", **bad)
    own.put()
    assert own.get()
