"""Post-processes boxes in plain Python: cases on stdin, one JSON object a line; each prints a line with its boxes.

    {"rows": [[0, 0.9, 1, 2, 3, 4]], "original": [48, 64], "reading": {"kind": "boxes", "threshold": 0.5, "unit": "original"}}

`original` is [height, width].
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))

from paddle_reference.boxes import read_boxes
from paddle_reference.image import Picture

for line in sys.stdin:
    case = json.loads(line)
    height, width = case["original"]
    columns = case["columns"]
    rows = np.array(case["rows"], dtype=np.float32).reshape(-1, columns)
    picture = Picture(np.zeros((height, width, 3), dtype=np.uint8))
    print(json.dumps(read_boxes(case["reading"], [rows], picture)), flush=True)
