"""The product as `make run` starts it, in a process of its own that can be killed and started again."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
OWNER = ("owner@deskbell.local", "owner-password")
DEMO_PASSWORD = "deskbell-demo"
START_LIMIT_S = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """`folder` holds its data: what was acknowledged must be there after any end of the process."""

    folder: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits for the line that says it serves."""
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "DESKBELL_DATA": str(self.folder),
            "DESKBELL_OWNER_PASSWORD": OWNER[1],
            **self.settings,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infra.local"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(self.process, said), daemon=True).start()
        while True:
            line = said.get(timeout=START_LIMIT_S)
            if line.startswith("deskbell: ready on"):
                return
            if not line:
                raise RuntimeError("it did not start:\n" + "".join(self.lines))

    def _listen(self, process: subprocess.Popen[str], said: "queue.Queue[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            self.lines.append(line)
            said.put(line)
        said.put("")

    def kill(self) -> None:
        """As the power goes: SIGKILL, nothing is finished."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        return self._end(signal.SIGINT)

    def _end(self, with_signal: signal.Signals) -> int:
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.send_signal(with_signal)
        code = process.wait(timeout=10)
        if process.stdout:
            process.stdout.close()
        return code
