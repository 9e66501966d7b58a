"""Types that annotations of programs use."""
from typing import Callable, TypeVar

_T = TypeVar("_T")
_EventCB = Callable[[int, int, int, _T], None]
_TimerCB = Callable[[int, _T], None]
