"""`make rehearse`: the packaged stack, deployed by the very script that deploys to AWS, used, changed and removed again.

What it proves: the package and its template, each function's settings and policy, both doors, the authorizer, the schedule,
the site with its headers, and that an update keeps what was stored. What it can't, README says.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.cloud.project import own_arch
from tests.e2e.server import ROOT
from tests.rehearsal import steps
from tests.rehearsal.aws import Aws, started
from tests.rehearsal.visitor import Doors, agent, customer

OWNER = ("owner@deskbell.local", "owner-password")
STACK = "deskbell-dev"


@pytest.fixture
def aws(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Aws]:
    with started(tmp_path) as running:
        yield running
        if request.session.testsfailed:
            print(running.last_words)


class Progress:
    def __init__(self) -> None:
        self._began = time.monotonic()
        print(flush=True)

    def __call__(self, what: str) -> None:
        print(f"  {time.monotonic() - self._began:5.1f} s  {what}", flush=True)


def run(aws: Aws, command: str, *, typed: str = "", **settings: str) -> str:
    """One of infra/cloud's commands on the stage dev, against the stand-in; what it printed."""
    own = ("AWS_", "DESKBELL_", "DOMAIN_NAME", "ALARM_EMAIL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    environment |= aws.environment | {"ARCH": own_arch(), "DESKBELL_OWNER_PASSWORD": OWNER[1]} | settings
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", f"infra.cloud.{command}", "dev"],
        cwd=ROOT,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{aws.last_words}"
    return done.stdout


def outputs_of(aws: Aws) -> dict[str, str]:
    stack = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def test_the_packaged_stack_is_deployed_used_updated_and_removed(aws: Aws) -> None:
    progress = Progress()
    told = run(aws, "deploy", EMBED_ON="https://shop.example")
    outputs = outputs_of(aws)
    doors = Doors.of(aws, outputs)
    assert f"{outputs['WidgetUrl']}/widget/deskbell.js" in told
    progress("deployed: the stack, the site, the owner and a first desk")

    steps.the_site_is_served_each_part_by_its_own_origin(aws, outputs)
    progress("site: pages and headers as declared; neither origin shows what is the other's")
    steps.files_go_by_signed_form_and_link(aws, outputs)
    progress("files: a signed form takes one in, a signed link gives it out, and nothing else does")

    ann, cleo = agent(doors, *OWNER), customer(doors)
    steps.only_a_fresh_ticket_opens_a_socket(cleo, doors)
    progress("REST, sign-in and authorizer: no ticket, a made-up and a used one are refused")
    session_id = steps.a_session_starts_and_is_assigned(ann, cleo)
    progress("a session started and was assigned")
    steps.both_say_and_hear(ann, cleo, session_id)
    progress("said and heard both ways; a message sent twice stands once")
    steps.a_socket_that_is_gone_is_forgotten(aws, STACK, ann, cleo, session_id)
    steps.what_was_missed_is_caught_up_with(ann, cleo, session_id)
    progress("a socket that is gone is forgotten; what was missed is caught up with")
    steps.a_picture_is_taken_looked_at_and_given_out(aws, outputs, ann, cleo, session_id)
    progress("a picture sent by a form, looked at, said, and given out by a link")
    steps.what_an_event_missed_the_schedule_assigns(aws, STACK, doors, ann)
    progress("what no event told of, the schedule's next round assigned")

    before = steps.texts_of(cleo, session_id)
    told = run(aws, "deploy", EMBED_ON="https://other.example")
    assert "Updating the stack" in told
    assert "Owner:" not in told, "made a second time"
    assert "https://other.example" in steps.panel_may_be_framed_by(aws, outputs)
    cleo.drop()
    cleo.log.clear()
    cleo.connect(session_id)
    assert steps.texts_of(cleo, session_id) == before
    progress("updated: a setting changed, what was stored is there")

    number = steps.it_is_ended_filed_and_found(ann, session_id)
    progress(f"ended, filed, and found by its number {number}")
    assert steps.refused_by_policies(aws) == []
    for person in (ann, cleo):
        person.drop()

    run(aws, "destroy", typed="dev\n")
    steps.nothing_is_left(aws)
    progress("removed: nothing is left")
