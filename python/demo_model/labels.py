"""The classes of the model of printed characters, in the order of its outputs."""

from __future__ import annotations

__all__ = ["LABELS"]

#: Class 0 is the digit 0, class 10 the letter A, class 35 the letter Z.
LABELS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
