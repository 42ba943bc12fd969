"""Checks of values, in the words of the checks that the same records meet on one machine."""

from dataclasses import dataclass
from typing import Any

# What is wrong with a member of a row, and where: {"path": "/state", "message": "…"}.
Fault = dict[str, str]
Row = dict[str, Any]

_FAULTS_MAX = 20


@dataclass(frozen=True)
class Text:
    """A text of so many characters."""

    longest: int
    shortest: int = 0

    def mistakes(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            return ["must be string"]
        if len(value) < self.shortest:
            return [f"must not have fewer than {self.shortest} characters"]
        return [f"must not have more than {self.longest} characters"] if len(value) > self.longest else []


@dataclass(frozen=True)
class Number:
    """A number between two bounds, both of them allowed."""

    least: int
    most: int
    is_whole: bool = False

    def mistakes(self, value: Any) -> list[str]:
        if not isinstance(value, (int, float)):
            return ["must be integer" if self.is_whole else "must be number"]
        mistakes = ["must be integer"] if self.is_whole and not isinstance(value, int) else []
        if value < self.least:
            mistakes.append(f"must be >= {self.least}")
        if value > self.most:
            mistakes.append(f"must be <= {self.most}")
        return mistakes


@dataclass(frozen=True)
class Word:
    """One of some words."""

    words: tuple[str, ...]

    def mistakes(self, value: Any) -> list[str]:
        return [] if value in self.words else ["must be equal to one of the allowed values"]


Check = Text | Number | Word


def faults_of(row: Row, checks: dict[str, Check], required: tuple[str, ...] = (), at: str = "") -> list[Fault]:
    """What is wrong with the members of a row, in the order of the checks; a member that is absent is only missed."""
    missing = [member for member in required if member not in row]
    faults = [fault(at, f"must have required properties {', '.join(missing)}")] if missing else []
    for member, check in checks.items():
        if member in row:
            faults.extend(fault(f"{at}/{member}", message) for message in check.mistakes(row[member]))
    return faults[:_FAULTS_MAX]


def fault(path: str, message: str) -> Fault:
    """One thing that is wrong."""
    return {"path": path, "message": message}
