"""Threads, `kill -9` and full disks: what was acknowledged is there, and nothing is half there."""

import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from infra.local.dynamo import EmbeddedDynamo, StoreBroken
from tests.contract.dynamo.engines import EMBEDDED
from tests.contract.dynamo.values import av, item, plain_item

ROOT = Path(__file__).parents[3]
TABLE = {
    "TableName": "t",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
THREADS = 12


def add(pk: str, amount: int = 1, **more):
    request = {"TableName": "t", "Key": item(pk=pk), "UpdateExpression": "ADD n :x"}
    return request | {"ExpressionAttributeValues": {":x": av(amount)}} | more


def put(engine, pk: str, **attributes):
    return engine._make_api_call("PutItem", {"TableName": "t", "Item": item(pk=pk, **attributes)})


def get(engine, pk: str):
    found = engine._make_api_call("GetItem", {"TableName": "t", "Key": item(pk=pk), "ConsistentRead": True})
    return plain_item(found["Item"]) if "Item" in found else None


def put_many(engine) -> None:
    for n in range(100):
        put(engine, str(n), text="x" * 4000)


def succeeds(engine, operation: str, request) -> bool:
    """Whether its conditions held; any other refusal is raised."""
    try:
        engine._make_api_call(operation, request)
    except ClientError as error:
        if error.response["Error"]["Code"] not in (
            "ConditionalCheckFailedException",
            "TransactionCanceledException",
        ):
            raise
        return False
    return True


def everything(engine) -> dict[str, dict]:
    found, more = {}, {}
    while True:
        page = engine._make_api_call("Scan", {"TableName": "t", **more})
        found |= {each["pk"]: each for each in map(plain_item, page["Items"])}
        if "LastEvaluatedKey" not in page:
            return found
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


@pytest.fixture(params=EMBEDDED)
def engine(request, tmp_path):
    engine = EmbeddedDynamo(":memory:" if request.param == "embedded-memory" else tmp_path / "store.db")
    engine._make_api_call("CreateTable", TABLE)
    yield engine
    engine.close()


def together(work) -> None:
    """Runs `work(n)` on many threads at once; an error in one is an error of the test."""
    gate = threading.Barrier(THREADS)

    def one(n: int) -> None:
        gate.wait()
        work(n)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(THREADS)))


def test_counters_lose_no_update(engine):
    together(lambda _n: [engine._make_api_call("UpdateItem", add("counter")) for _ in range(25)])
    assert get(engine, "counter")["n"] == THREADS * 25


def test_of_many_who_claim_one_item_exactly_one_succeeds(engine):
    won = []

    def claim(n: int) -> None:
        for round_ in range(10):
            request = {"TableName": "t", "Item": item(pk=f"claim {round_}", by=n)}
            if succeeds(engine, "PutItem", request | {"ConditionExpression": "attribute_not_exists(pk)"}):
                won.append((round_, n))

    together(claim)
    assert sorted(round_ for round_, _ in won) == list(range(10))
    assert all(get(engine, f"claim {round_}")["by"] == n for round_, n in won)


def test_transfers_keep_the_sum_and_no_reader_sees_half_of_one(engine):
    accounts = [f"account {n}" for n in range(4)]
    for account in accounts:
        put(engine, account, n=100)
    gets = [{"Get": {"TableName": "t", "Key": item(pk=account)}} for account in accounts]
    enough = {"ConditionExpression": "n > :none"}

    def transfer(n: int) -> None:
        for step in range(15):
            giver, taker = accounts[(n + step) % 4], accounts[(n + step * 2 + 1) % 4]
            give = add(giver, -7, **enough)
            give["ExpressionAttributeValues"][":none"] = av(7)
            if giver != taker:
                moves = [{"Update": give}, {"Update": add(taker, 7)}]
                succeeds(engine, "TransactWriteItems", {"TransactItems": moves})
            seen = engine._make_api_call("TransactGetItems", {"TransactItems": gets})["Responses"]
            assert sum(plain_item(each["Item"])["n"] for each in seen) == 400

    together(transfer)


def test_a_refusal_in_a_group_is_its_own(engine):
    """Writers that share a commit don't share a fate."""

    def write(n: int) -> None:
        for step in range(10):
            if n % 2:
                put(engine, f"{n} {step}")
            else:
                with pytest.raises(ClientError, match="ConditionalCheckFailed"):
                    engine._make_api_call(
                        "UpdateItem", add(f"{n} {step}", ConditionExpression="attribute_exists(pk)")
                    )

    together(write)
    assert len(everything(engine)) == THREADS // 2 * 10


def test_a_request_that_fails_half_way_is_undone_alone(engine):
    """No operation fails after its first write; should one have a fault, it's undone all the same."""

    def half(db) -> None:
        db.execute("DELETE FROM items")
        raise ZeroDivisionError

    def write(n: int) -> None:
        put(engine, f"{n}")
        if n % 3 == 0:
            with pytest.raises(ZeroDivisionError):
                engine._store.write(half)

    together(write)
    assert len(everything(engine)) == THREADS


def test_who_was_answered_reads_it_back_at_once(engine):
    def write_and_read(n: int) -> None:
        for step in range(20):
            put(engine, f"{n}", step=step)
            assert get(engine, f"{n}")["step"] == step

    together(write_and_read)


def test_readers_see_nothing_that_is_not_committed(tmp_path):
    """The writer's own connection holds an open transaction while others read."""
    engine = EmbeddedDynamo(tmp_path / "store.db")
    engine._make_api_call("CreateTable", TABLE)
    put(engine, "a", v=1)
    begun, go_on = threading.Event(), threading.Event()

    class SlowCommit:
        """The writer's connection, stopped before each commit."""

        def __init__(self, db) -> None:
            self._db = db

        def execute(self, sql: str, *arguments):
            if sql == "COMMIT":
                begun.set()
                assert go_on.wait(5)
            return self._db.execute(sql, *arguments)

    writer = engine._store._writer
    real, writer._db = writer._db, SlowCommit(writer._db)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(put, engine, "a", v=2)
        assert begun.wait(5)
        assert get(engine, "a")["v"] == 1
        assert not writing.done()
        go_on.set()
        writing.result(5)
    assert get(engine, "a")["v"] == 2
    writer._db = real
    engine.close()


def test_a_write_that_waits_finds_the_tables_as_they_are_when_its_turn_comes(tmp_path):
    """The put is read before time to live is switched on, and done after."""
    engine = EmbeddedDynamo(tmp_path / "store.db")
    engine._make_api_call("CreateTable", TABLE)
    busy, go_on = threading.Event(), threading.Event()
    switch_on = {"TableName": "t", "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True}}
    with ThreadPoolExecutor(3) as pool:
        pool.submit(engine._store.write, lambda _db: (busy.set(), go_on.wait(5)))
        assert busy.wait(5)
        switching = pool.submit(engine._make_api_call, "UpdateTimeToLive", switch_on)
        wait_for_queue(engine, 1)
        putting = pool.submit(put, engine, "a", until=1_800_000_000)
        wait_for_queue(engine, 2)
        go_on.set()
        switching.result(5)
        putting.result(5)
    assert engine.expire(1_800_000_000) == 1
    engine.close()


def test_no_write_slips_past_an_index_that_is_made_meanwhile(engine):
    def write(n: int) -> None:
        for step in range(20):
            put(engine, f"{n} {step}", g="all")
            if (n, step) == (0, 5):
                engine._make_api_call("UpdateTable", LATER)

    together(write)
    found = along_later(engine)
    assert sorted(found) == sorted(everything(engine))
    assert len(found) == THREADS * 20


LATER = {
    "TableName": "t",
    "AttributeDefinitions": [{"AttributeName": "g", "AttributeType": "S"}],
    "GlobalSecondaryIndexUpdates": [
        {
            "Create": {
                "IndexName": "later",
                "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        }
    ],
}


def along_later(engine) -> list[str]:
    request = {"TableName": "t", "IndexName": "later", "KeyConditionExpression": "g = :g",
               "ExpressionAttributeValues": {":g": av("all")}}  # fmt: skip
    return [each["pk"]["S"] for each in engine._make_api_call("Query", request)["Items"]]


def wait_for_queue(engine, length: int) -> None:
    until = time.monotonic() + 5
    while engine._store._writer._queue.qsize() < length:
        assert time.monotonic() < until
        time.sleep(0.001)


CHILD = """
import sys, threading
sys.path.insert(0, {root!r})
from infra.local.dynamo import EmbeddedDynamo
from tests.contract.dynamo.test_durability import TABLE, put
engine = EmbeddedDynamo({path!r})
if {create}:
    engine._make_api_call("CreateTable", TABLE)
print("ready", flush=True)
said = threading.Lock()
def write(n):
    for step in range(1_000_000):
        pk = "{run}-%d-%d" % (n, step)
        other = {{"Put": {{"TableName": "t", "Item": {{"pk": {{"S": pk + "-twin"}}}}}}}}
        one = {{"Put": {{"TableName": "t", "Item": {{"pk": {{"S": pk}}, "text": {{"S": "x" * 200}}}}}}}}
        engine._make_api_call("TransactWriteItems", {{"TransactItems": [one, other]}})
        with said:
            print(pk, flush=True)
for n in range(4):
    threading.Thread(target=write, args=(n,)).start()
"""


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path):
    path = str(tmp_path / "store.db")
    acknowledged: list[str] = []
    for run in range(3):
        code = CHILD.format(root=str(ROOT), path=path, create=run == 0, run=run)
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603 - this file's own code
        assert child.stdout.readline() == "ready\n"
        acknowledged += [child.stdout.readline().strip() for _ in range(150 + 50 * run)]
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().splitlines(keepends=True)
        acknowledged += [line.strip() for line in rest if line.endswith("\n")]
        child.wait()
        child.stdout.close()
        engine = EmbeddedDynamo(path)
        found = everything(engine)
        engine.close()
        assert not [pk for pk in acknowledged if pk not in found]
        halves = [pk for pk in found if not pk.endswith("-twin") and f"{pk}-twin" not in found]
        assert not halves
        assert len(found) % 2 == 0


BUILDER = """
import sys
sys.path.insert(0, {root!r})
from infra.local.dynamo import EmbeddedDynamo
from tests.contract.dynamo.test_durability import LATER
engine = EmbeddedDynamo({path!r})
print("ready", flush=True)
engine._make_api_call("UpdateTable", LATER)
print("made", flush=True)
sys.stdin.read()
"""


def test_kill_9_leaves_an_index_that_was_being_made_whole_or_not_at_all(tmp_path):
    template = tmp_path / "template.db"
    engine = EmbeddedDynamo(template)
    engine._make_api_call("CreateTable", TABLE)
    for start in range(0, 3000, 25):
        puts = [{"PutRequest": {"Item": item(pk=str(n), g="all")}} for n in range(start, start + 25)]
        engine._make_api_call("BatchWriteItem", {"RequestItems": {"t": puts}})
    engine.close()
    for delay in (0.0, 0.005, 0.02, None):
        path = tmp_path / f"{delay}.db"
        shutil.copy(template, path)
        code = BUILDER.format(root=str(ROOT), path=str(path))
        child = subprocess.Popen(  # noqa: S603 - this file's own code
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert child.stdout.readline() == "ready\n"
        if delay is None:
            assert child.stdout.readline() == "made\n"
        else:
            time.sleep(delay)
        child.kill()
        answered = delay is None or child.stdout.read() == "made\n"
        child.communicate()
        engine = EmbeddedDynamo(path)
        made = bool(
            engine._make_api_call("DescribeTable", {"TableName": "t"})["Table"].get("GlobalSecondaryIndexes")
        )
        assert made or not answered
        if not made:
            engine._make_api_call("UpdateTable", LATER)
        assert len(along_later(engine)) == 3000
        engine.close()


def fill(engine) -> tuple[list[str], list[ClientError]]:
    """Writes on many threads until the disk is full; what was acknowledged, and how each thread ended."""
    acknowledged, ends = [], []

    def write(n: int) -> None:
        for step in range(10_000):
            pk = f"{n} {step}"
            twins = [
                {"Put": {"TableName": "t", "Item": item(pk=pk + end, text="x" * 2000)}}
                for end in ("", " twin")
            ]
            try:
                engine._make_api_call("TransactWriteItems", {"TransactItems": twins})
            except ClientError as error:
                ends.append(error)
                return
            acknowledged.append(pk)

    together(write)
    return acknowledged, ends


def check_full(
    path, engine, broken: list[Exception], acknowledged: list[str], ends: list[ClientError]
) -> None:
    assert len(ends) == THREADS
    assert {end.response["Error"]["Code"] for end in ends} == {"InternalServerError"}
    assert acknowledged
    for request in (
        lambda: put(engine, "after"),
        lambda: get(engine, acknowledged[0]),
        lambda: engine.expire(0),
    ):
        with pytest.raises((ClientError, StoreBroken), match="The store stopped"):
            request()
    engine.close()
    assert len(broken) == 1
    reopened = EmbeddedDynamo(path)
    found = everything(reopened)
    reopened.close()
    assert not [pk for pk in acknowledged if pk not in found]
    assert all((f"{pk} twin" in found) for pk in found if not pk.endswith(" twin"))
    assert "after" not in found


def test_a_full_disk_stops_the_store_and_loses_nothing_that_was_acknowledged(tmp_path):
    path, broken, told = tmp_path / "store.db", [], threading.Event()

    def on_broken(error: Exception) -> None:
        broken.append(error)
        told.set()

    engine = EmbeddedDynamo(path, on_broken=on_broken, max_pages=120)
    engine._make_api_call("CreateTable", TABLE)
    acknowledged, ends = fill(engine)
    assert told.wait(5)
    check_full(path, engine, broken, acknowledged, ends)


def test_a_commit_that_the_disk_refuses_acknowledges_nobody(tmp_path):
    """Here it's the log itself that can't grow: the failure comes at the commit, not before it."""
    path, broken, told = tmp_path / "store.db", [], threading.Event()

    def on_broken(error: Exception) -> None:
        broken.append(error)
        told.set()

    engine = EmbeddedDynamo(path, on_broken=on_broken)
    engine._make_api_call("CreateTable", TABLE)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, limits[1]))
    try:
        acknowledged, ends = fill(engine)
        assert told.wait(5)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    check_full(path, engine, broken, acknowledged, ends)


def test_closing_commits_what_waits_and_ends_the_thread(tmp_path):
    engine = EmbeddedDynamo(tmp_path / "store.db")
    engine._make_api_call("CreateTable", TABLE)
    put(engine, "a")
    thread = engine._store._writer._thread
    engine.close()
    assert not thread.is_alive()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["store.db", "store.db.lock"]


def test_a_callback_may_close_the_store_that_broke(tmp_path):
    closed = threading.Event()

    def on_broken(_error: Exception) -> None:
        engine.close()
        closed.set()

    engine = EmbeddedDynamo(tmp_path / "store.db", on_broken=on_broken, max_pages=20)
    engine._make_api_call("CreateTable", TABLE)
    with pytest.raises(ClientError, match="InternalServerError"):
        put_many(engine)
    assert closed.wait(5)
