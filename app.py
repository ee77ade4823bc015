"""Lambda's entry: the socket's handlers and their authorizer, the schedules, the REST routes' mount. No ifs, no logic."""

from typing import Any

from chalice import Chalice
from chalice.app import CloudWatchEvent, Rate, SQSEvent, WebsocketEvent

from chalicelib import start, wiring
from chalicelib.gateway import entry
from chalicelib.gateway.rest import mount

desk = wiring.desk()

app = Chalice(app_name="deskbell", configure_logs=False)
app.experimental_feature_flags.update(["WEBSOCKETS"])
mount(app, desk.routes, desk.door)


@app.lambda_function(name="socket_authorizer")
def socket_authorizer(event: dict[str, Any], context: object) -> dict[str, Any]:
    return entry.authorize(desk.sign_in.redeem, event)


@app.on_ws_connect(name="connect")
def connect(event: WebsocketEvent) -> dict[str, Any]:
    return entry.connect(desk.socket, event.to_dict())


@app.on_ws_message(name="message")
def message(event: WebsocketEvent) -> None:
    entry.message(desk.socket, event.to_dict())


@app.on_ws_disconnect(name="disconnect")
def disconnect(event: WebsocketEvent) -> None:
    entry.disconnect(desk.socket, event.to_dict())


@app.schedule(Rate(1, unit=Rate.MINUTES), name="drain_queues")
def drain_queues(event: CloudWatchEvent) -> None:
    desk.rounds.drain_queues()


@app.schedule(Rate(1, unit=Rate.MINUTES), name="expire_idle_sessions")
def expire_idle_sessions(event: CloudWatchEvent) -> None:
    desk.rounds.expire_idle_sessions()


@app.schedule(Rate(5, unit=Rate.MINUTES), name="reap_connections")
def reap_connections(event: CloudWatchEvent) -> None:
    desk.rounds.reap_connections()


@app.schedule(Rate(1, unit=Rate.DAYS), name="apply_retention")
def apply_retention(event: CloudWatchEvent) -> None:
    desk.rounds.apply_retention()


@app.schedule(Rate(1, unit=Rate.MINUTES), name="rotate_shifts")
def rotate_shifts(event: CloudWatchEvent) -> None:
    desk.rounds.rotate_shifts()


@app.schedule(Rate(1, unit=Rate.DAYS), name="materialise_roster")
def materialise_roster(event: CloudWatchEvent) -> None:
    desk.rounds.materialise_roster()


@app.on_sqs_message(queue="${AWS::StackName}-offer_deadlines", name="deadlines", batch_size=10)
def deadlines(event: SQSEvent) -> None:
    desk.deadlines.look(record.body for record in event)


start.over()
