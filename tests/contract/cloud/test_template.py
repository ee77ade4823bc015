"""What the template promises, whatever is added to it."""

import json
from typing import Any

import pytest

from infra.cloud import lint
from infra.cloud.project import STAGES

FUNCTION, SCHEDULE = "AWS::Serverless::Function", "Schedule"


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    found = {name: resource for name, resource in template["Resources"].items() if resource["Type"] == kind}
    assert found, f"there is no {kind}"
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_cfn_lint_finds_no_fault_before_and_after_the_transform(templates, stage: str, tmp_path) -> None:
    written = tmp_path / "template.json"
    written.write_text(json.dumps(templates[stage]))
    transformed = json.loads(lint.lint(written).read_text())
    assert of_type(transformed, "AWS::Lambda::Function").keys() == of_type(templates[stage], FUNCTION).keys()


def test_a_fault_is_found(templates, tmp_path) -> None:
    written = tmp_path / "template.json"
    broken = json.loads(json.dumps(templates["dev"]))
    broken["Resources"]["SessionsTable"]["Properties"]["BillingMode"] = "PAY_BY_GOODWILL"
    written.write_text(json.dumps(broken))
    with pytest.raises(lint.CannotGoOn, match="PAY_BY_GOODWILL"):
        lint.lint(written)


def test_every_function_keeps_its_log_for_a_while_and_no_longer(templates) -> None:
    for stage, days in (("dev", 14), ("prod", 90)):
        groups = of_type(templates[stage], "AWS::Logs::LogGroup").values()
        kept = {
            group["Properties"]["LogGroupName"]["Fn::Sub"]: group["Properties"]["RetentionInDays"]
            for group in groups
            if "LogGroupName" in group["Properties"]
        }
        assert kept == {f"/aws/lambda/${{{name}}}": days for name in of_type(templates[stage], FUNCTION)}
        assert all("RetentionInDays" in group["Properties"] for group in groups)


def test_the_queue_of_deadlines_is_read_by_the_function_that_looks(resources) -> None:
    (event,) = resources["Deadlines"]["Properties"]["Events"].values()

    assert event["Type"] == "SQS"
    assert event["Properties"]["Queue"]["Fn::Sub"].endswith(":${AWS::StackName}-offer_deadlines")


def test_a_scheduled_function_that_fails_is_tried_once_more_and_then_kept_for_us_to_see(resources) -> None:
    failed = {"Fn::GetAtt": ["FailedRounds", "Arn"]}
    scheduled: dict[str, int] = {}
    for name, function in resources.items():
        for event in (
            function["Properties"].get("Events", {}).values() if function["Type"] == FUNCTION else ()
        ):
            if event["Type"] == "SQS":  # its queue keeps what fails
                continue
            assert event["Type"] == SCHEDULE
            assert event["Properties"]["DeadLetterConfig"] == {"Arn": failed}
            again = function["Properties"]["EventInvokeConfig"]
            assert again["DestinationConfig"]["OnFailure"] == {"Type": "SQS", "Destination": failed}
            for limits in (again, event["Properties"]["RetryPolicy"]):
                assert limits["MaximumRetryAttempts"] == 1
                scheduled[name] = limits["MaximumEventAgeInSeconds"]
    assert scheduled.items() >= {"DrainQueues": 60, "ReapConnections": 300, "ApplyRetention": 3600}.items()


def test_every_queue_is_encrypted_and_what_it_gives_up_on_is_kept_for_two_weeks(templates) -> None:
    queues = of_type(templates["dev"], "AWS::SQS::Queue")
    for name, queue in queues.items():
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
        if name.startswith("Failed"):
            assert queue["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600
        else:
            assert queue["Properties"]["RedrivePolicy"]["deadLetterTargetArn"] == {
                "Fn::GetAtt": [f"Failed{name}", "Arn"]
            }


def test_every_bucket_is_private_encrypted_and_reached_by_tls_alone(templates) -> None:
    policies = of_type(templates["dev"], "AWS::S3::BucketPolicy").values()
    for name, bucket in of_type(templates["dev"], "AWS::S3::Bucket").items():
        facts = bucket["Properties"]
        assert set(facts["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(facts["PublicAccessBlockConfiguration"]) == 4
        assert facts["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        (policy,) = (
            p["Properties"]["PolicyDocument"] for p in policies if p["Properties"]["Bucket"] == {"Ref": name}
        )
        (denied,) = (s for s in policy["Statement"] if s["Effect"] == "Deny")
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert (denied["Principal"], denied["Action"]) == ("*", "s3:*")
        assert {"Fn::Sub": f"${{{name}.Arn}}/*"} in denied["Resource"]


def test_neither_site_may_read_what_is_the_others(resources) -> None:
    statements = resources["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    may_read = {s["Sid"]: {r["Fn::Sub"].removeprefix("${SiteBucket.Arn}") for r in s["Resource"]}
                for s in statements if s["Effect"] == "Allow"}  # fmt: skip
    assert may_read["Console"] & may_read["Widget"] == {"/icon.svg"}
    assert all(not path.startswith("/console") for path in may_read["Widget"])


def test_a_socket_opens_by_ticket_alone_and_a_changed_route_takes_effect(resources) -> None:
    authorizer = resources["TicketAuthorizer"]["Properties"]
    assert authorizer["IdentitySource"] == ["route.request.querystring.ticket"]
    assert authorizer["AuthorizerType"] == "REQUEST"
    route = resources["WebsocketConnectRoute"]["Properties"]
    assert (route["AuthorizationType"], route["AuthorizerId"]) == ("CUSTOM", {"Ref": "TicketAuthorizer"})
    stage = resources["WebsocketAPIStage"]["Properties"]
    assert stage["AutoDeploy"] is True
    assert "DeploymentId" not in stage
    assert "AWS::ApiGatewayV2::Deployment" not in {resource["Type"] for resource in resources.values()}


def test_both_doors_are_throttled_and_log_who_came_but_never_a_ticket_or_token(resources) -> None:
    socket, rest = resources["WebsocketAPIStage"]["Properties"], resources["RestAPI"]["Properties"]
    for limits in (
        socket["DefaultRouteSettings"],
        socket["RouteSettings"]["$connect"],
        *rest["MethodSettings"],
    ):
        assert limits["ThrottlingRateLimit"] > 0
        assert limits["ThrottlingBurstLimit"] > 0
    for log in (socket["AccessLogSettings"], rest["AccessLogSetting"]):
        line = json.loads(log["Format"])
        assert line["request_id"] == "$context.requestId"
        assert "$context" in line["status"]
        assert not {"querystring", "header", "path"} & set(log["Format"].lower().replace(".", " ").split())


def test_every_alarm_says_what_to_do_and_tells_somebody(templates) -> None:
    for alarm in of_type(templates["dev"], "AWS::CloudWatch::Alarm").values():
        facts = alarm["Properties"]
        assert len(facts["AlarmDescription"]) > 60
        assert facts["AlarmActions"] == [{"Ref": "Alarms"}]


def test_signing_keys_stand_nowhere_in_the_template(resources) -> None:
    told = resources["APIHandler"]["Properties"]["Environment"]["Variables"]["DESKBELL_SIGNING_KEYS"]
    assert told == {"Ref": "SigningKeys"}
    others = [name for name, r in resources.items() if r["Type"] == FUNCTION and name != "APIHandler"]
    assert all("SIGNING" not in json.dumps(resources[name]) for name in others)


def test_files_of_prod_outlive_its_stack(templates) -> None:
    for bucket in of_type(templates["prod"], "AWS::S3::Bucket").values():
        assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    for bucket in of_type(templates["dev"], "AWS::S3::Bucket").values():
        assert bucket["DeletionPolicy"] == "Delete"


def test_the_regional_api_stands_behind_cloudfront(resources) -> None:
    assert resources["RestAPI"]["Properties"]["EndpointConfiguration"] == "REGIONAL"


def test_a_table_of_names_is_the_stack_s_own(templates) -> None:
    variables = templates["dev"]["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["DESKBELL_TABLES"] == {"Fn::Sub": "${AWS::StackName}-"}
