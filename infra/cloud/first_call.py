"""Run in a fresh process inside an unpacked package: what a cold function costs. Prints milliseconds of CPU.

python -I -S -B first_call.py <package folder> <function> <event as JSON>     import and first call
"""

import json
import os
import sys
import time


class Context:
    """Of Lambda's, what Chalice asks for."""

    function_name = memory_limit_in_mb = aws_request_id = invoked_function_arn = ""


def main(package: str, function: str, event: str) -> None:
    os.chdir(package)
    sys.path.insert(0, package)
    began = time.process_time()
    import app  # noqa: PLC0415  # it is what is measured

    answer = getattr(app, function)(json.loads(event), Context())
    took = time.process_time() - began
    status = answer.get("statusCode", 200) if isinstance(answer, dict) else 200
    if status >= 500:  # noqa: PLR2004  # HTTP's own
        raise SystemExit(f"{function} answered {status}: {answer}")
    print(took * 1000)


if __name__ == "__main__":
    main(*sys.argv[1:])
