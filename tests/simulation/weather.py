"""How bad it is: the chances of each thing that can go wrong, drawn anew for every seed."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Weather:
    """Chances are by request, post or frame; times in seconds."""

    crash: float = 0.0
    throttle: float = 0.0
    answer_lost: float = 0.0
    sent_twice: float = 0.0
    push_dropped: float = 0.0
    push_doubled: float = 0.0
    push_refused: float = 0.0
    frame_again: float = 0.0
    """A frame, a disconnect or an authorizer's question that Lambda gets a second time."""
    disconnect_lost: float = 0.0
    tick_late: float = 0.0
    tick_doubled: float = 0.0
    latency: float = 0.004
    """Of one request, on average."""
    lag: float = 0.0
    """How far what is read eventually may be behind, at most."""

    @classmethod
    def drawn(cls, random: Random) -> "Weather":
        """Some seeds are fair, so that what must hold without any fault is tried too; most are foul."""
        latency = random.choice([0.002, 0.01, 0.05, 0.3])
        if random.random() < 0.15:
            return cls(latency=latency)
        harshness = random.choice([0.3, 1.0, 1.0, 2.0])
        return cls(
            crash=0.004 * harshness,
            throttle=0.004 * harshness,
            answer_lost=0.004 * harshness,
            sent_twice=0.01 * harshness,
            push_dropped=0.05 * harshness,
            push_doubled=0.05 * harshness,
            push_refused=0.02 * harshness,
            frame_again=0.04 * harshness,
            disconnect_lost=0.4,
            tick_late=0.3,
            tick_doubled=0.4,
            latency=latency,
            lag=random.choice([0.0, 0.2, 2.0, 20.0]),
        )


CALM = Weather()
