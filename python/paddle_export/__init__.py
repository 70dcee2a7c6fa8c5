"""The parts of `export_model.py`: convert a network of paddle.vision.models to model files."""

from __future__ import annotations

__all__: list[str] = []
