"""How long something may take, and who can end it before that."""

from __future__ import annotations

import random as _random
import threading
import time
from dataclasses import dataclass, field
from typing import Callable, Optional

from .errors import CountersignError


def _sleep(seconds: float, stop: Optional[threading.Event]) -> None:
    if stop is None:
        time.sleep(seconds)
    else:
        stop.wait(seconds)


@dataclass(frozen=True)
class Surroundings:
    """What this client takes from its surroundings, so that tests need no waiting."""

    #: Seconds that only go forward.
    now: Callable[[], float] = time.monotonic
    #: From 0 to below 1.
    random: Callable[[], float] = _random.random
    sleep: Callable[[float, Optional[threading.Event]], None] = _sleep


@dataclass(frozen=True)
class Limit:
    """A time limit that has begun, for one or several calls."""

    surroundings: Surroundings
    until: float
    stop: Optional[threading.Event] = field(default=None, compare=False)

    @classmethod
    def begin(cls, surroundings: Surroundings, seconds: float, stop: Optional[threading.Event]) -> "Limit":
        return cls(surroundings, surroundings.now() + seconds, stop)

    def left(self) -> float:
        """Seconds."""
        return self.until - self.surroundings.now()

    def check(self) -> None:
        """Raises CountersignError ``stopped_here`` or ``out_of_time`` when it is over."""
        if self.stop is not None and self.stop.is_set():
            raise CountersignError("stopped_here", "This was given up.")
        if self.left() <= 0:
            raise self.out_of_time()

    @staticmethod
    def out_of_time() -> CountersignError:
        return CountersignError("out_of_time", "The time limit passed.")
