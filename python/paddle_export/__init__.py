"""The parts of `export_model.py`: a network of paddle.vision.models becomes a model in files."""

from __future__ import annotations

__all__: list[str] = []
