"""Tables and cells of the Markdown card."""

from __future__ import annotations

from typing import Any


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def table(columns: list[str], rows: list[list[Any]]) -> list[str]:
    return ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns), *("| " + " | ".join(map(cell, row)) + " |" for row in rows), ""]
