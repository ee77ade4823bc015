"""A small Chalice app with one of everything the local stand-in serves, for tests of the stand-in alone."""

import json
import threading
from contextvars import ContextVar
from typing import Any

from chalice import BadRequestError, Chalice, Rate, Response

from chalicelib.kit.outside import Gone, Sockets

GOOD_TICKET = "good"


class SmallApp:
    """The app and what its functions saw. Messages are JSON: `{"do": …}`."""

    def __init__(self, sockets: Sockets) -> None:
        self.sockets = sockets
        self.events: list[dict[str, Any]] = []
        self.during_connect: list[type[Exception] | None] = []
        self.echoes = 0
        self.release = threading.Event()
        self.app = self._build()

    def seen(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["requestContext"].get("eventType") == kind]

    def _build(self) -> Chalice:
        app = Chalice("small")
        app.experimental_feature_flags.update(["WEBSOCKETS"])
        self._add_routes(app)
        self._add_authorizer(app)
        self._add_socket(app)
        self._add_schedules(app)
        return app

    def _add_routes(self, app: Chalice) -> None:
        request: ContextVar[Any] = ContextVar("request")

        @app.middleware("http")
        def keep_request(current: Any, get_response: Any) -> Any:
            request.set(current)
            return get_response(current)

        @app.route(
            "/v1/echo", methods=["GET", "POST"], content_types=["application/json", "image/png"], cors=True
        )
        def echo() -> Any:
            self.echoes += 1
            return request.get().to_original_event()

        @app.route("/v1/whoami")
        def whoami() -> Any:
            return {"token": request.get().headers["authorization"]}

        @app.route("/v1/people/{person}/notes/{note}")
        def note(person: str, note: str) -> Any:
            return {"person": person, "note": note}

        @app.route("/v1/people/me")
        def me() -> Any:
            return {"me": True}

        @app.route("/v1/cookies")
        def cookies() -> Any:
            return Response(b"\x00\x01", {"Content-Type": "image/png", "Set-Cookie": ["a=1", "b=2"]}, 201)

        @app.route("/v1/bad")
        def bad() -> Any:
            raise BadRequestError("no")

    def _add_authorizer(self, app: Chalice) -> None:
        @app.lambda_function(name="socket_authorizer")
        def authorize(event: Any, context: Any) -> Any:
            ticket = (event.get("queryStringParameters") or {}).get("ticket")
            if ticket is None:
                raise Exception("Unauthorized")  # noqa: TRY002  (API Gateway knows a refusal by this message)
            if ticket == "broken":
                raise RuntimeError("no keys")
            effect = "Deny" if ticket == "denied" else "Allow"
            statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
            return {
                "principalId": "cleo",
                "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
                "context": {"epoch": "3"},
            }

    def _add_socket(self, app: Chalice) -> None:
        acts = {
            "echo": self._echo,
            "count": lambda to, upto: [self.sockets.post(to, str(number)) for number in range(upto)],
            "flood": self._flood,
            "close": self.sockets.close,
            "wait": lambda _: self.release.wait(10),
            "fail": self._fail,
        }

        @app.on_ws_connect()
        def connect(event: Any) -> Any:
            self.events.append(event.to_dict())
            self.during_connect.append(self._try_post(event.connection_id))
            query = event.to_dict().get("queryStringParameters", {})
            if query.get("refuse"):
                return {"statusCode": int(query["refuse"])}
            return {"statusCode": 200}

        @app.on_ws_message()
        def message(event: Any) -> None:
            self.events.append(event.to_dict())
            if not event.to_dict()["isBase64Encoded"]:
                asked = json.loads(event.body)
                acts[asked.pop("do")](event.connection_id, **asked)

        @app.on_ws_disconnect()
        def disconnect(event: Any) -> Any:
            self.events.append(event.to_dict())

    def _add_schedules(self, app: Chalice) -> None:
        self.ticks: list[str] = []

        @app.schedule(Rate(1, unit=Rate.MINUTES), name="drain_queues")
        def drain(event: Any) -> Any:
            self.ticks.append(event.time)

        @app.schedule(Rate(1, unit=Rate.HOURS), name="always_fails")
        def fails(event: Any) -> Any:
            raise ValueError("as ever")

    def _echo(self, to: str, text: str) -> None:
        self.sockets.post(to, text)

    def _flood(self, to: str) -> None:
        while self._try_post(to, "x" * 100_000) is None:
            pass

    def _fail(self, _: str) -> None:
        raise ValueError("as asked")

    def _try_post(self, connection_id: str, frame: str = "early") -> type[Exception] | None:
        try:
            self.sockets.post(connection_id, frame)
        except Gone:
            return Gone
        return None
