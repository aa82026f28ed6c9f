"""What one point of a campaign about a disk or a folder showed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """`room` is so many KiB, or the number of the round. `was_full` says that the disk did say no."""

    act: str
    room: int
    was_full: bool = False
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
