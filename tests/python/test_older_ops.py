"""Functions that Paddle 3 only traces into the newer format, traced into a `.pdmodel`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from paddle_export.older_ops import OLDER_OPS

ROOT = Path(__file__).parents[2]
HELPERS = ROOT / "tests" / "helpers"


def test_every_function_that_the_wheel_binds_has_its_operator() -> None:
    from paddle.base.dygraph import generated_tensor_methods_patch as bound

    names = {name for name, _ in (*bound.methods_map, *bound.funcs_map, *bound.nn_funcs_map)}
    # It changes its argument, which a program in the older format cannot do.
    assert names - set(OLDER_OPS) == {"index_put_"}


def test_each_returns_the_same_as_the_layer(tmp_path: Path) -> None:
    import paddle
    from paddle.inference import Config, create_predictor

    random = np.random.default_rng(0)
    feeds = {
        "x": random.uniform(0.1, 0.9, (2, 3, 4, 4)).astype("float32"),
        "y": random.uniform(0.1, 0.9, (2, 3, 4, 4)).astype("float32"),
        "grid": random.uniform(-1, 1, (2, 4, 4, 2)).astype("float32"),
    }
    specs = [f"--input-spec={name}:float32[-1,{','.join(map(str, feeds[name].shape[1:]))}]" for name in feeds]
    script, network = ROOT / "python" / "export_model.py", HELPERS / "older_ops_net.py"
    flags = [f"--model={network}:EveryOp", *specs, "--save-inference-dir", str(tmp_path)]
    subprocess.run([sys.executable, script, *flags], check=True, capture_output=True, timeout=100)

    config = Config(str(tmp_path / "inference.pdmodel"), "")
    config.disable_glog_info()
    predictor = create_predictor(config)
    for name, values in feeds.items():
        predictor.get_input_handle(name).copy_from_cpu(values)
    predictor.run()
    answers = [predictor.get_output_handle(name).copy_to_cpu() for name in predictor.get_output_names()]

    sys.path.insert(0, str(HELPERS))
    from older_ops_net import EveryOp

    expected = [answer.numpy() for answer in EveryOp()(*map(paddle.to_tensor, feeds.values()))]
    assert [(answer.shape, answer.dtype) for answer in answers] == [(e.shape, e.dtype) for e in expected]
    for answer, wanted in zip(answers, expected):
        np.testing.assert_allclose(answer, wanted, rtol=1e-5, atol=1e-5)
