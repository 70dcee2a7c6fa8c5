"""Writes the model folder: the program and its weights by paddle-ts' own exporter, and `inference.yml`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .inference_yml import inference_yml
from .render import INPUT_SIZE

__all__ = ["write_model"]

_EXPORTER = Path(__file__).parents[1] / "export_model.py"
_NETWORK = Path(__file__).with_name("network.py")


def write_model(weights: Path, folder: Path) -> None:
    """Export the network with the weights as a `.pdmodel`, which every Paddle from 2.6 reads."""
    command = [sys.executable, str(_EXPORTER), "--model", f"{_NETWORK}:CharacterNet", "--softmax"]
    command += ["--input-spec", f"image:float32[-1,3,{INPUT_SIZE},{INPUT_SIZE}]"]
    command += ["--pretrained", str(weights), "--save-inference-dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"The export failed with exit code {done.returncode}:\n{done.stderr.strip()}")
    (folder / "inference.yml").write_text(inference_yml(), encoding="utf-8")
