"""The second argument of every Lambda function."""

import time
from uuid import uuid4

from infra.local.gateway.quotas import FUNCTION_TIMEOUT_S


class LambdaContext:
    """The documented attributes of Lambda's context object, for one invocation."""

    function_version = "$LATEST"
    memory_limit_in_mb = "1024"
    client_context = None
    identity = None

    def __init__(self, function_name: str, request_id: str | None = None) -> None:
        self.function_name = function_name
        self.aws_request_id = request_id or str(uuid4())
        self._ends_at = time.monotonic() + FUNCTION_TIMEOUT_S

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:local:000000000000:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        return "local"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self._ends_at - time.monotonic()) * 1000))
