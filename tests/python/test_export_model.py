"""`export_model.py` in plain Python, and its files in plain paddle.inference."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

SCRIPT = Path(__file__).parents[2] / "python" / "export_model.py"
State = dict[str, Any]
PDMODEL = ["inference.pdiparams", "inference.pdiparams.info", "inference.pdmodel"]


def start(*arguments: str | Path, home: Path | None = None, **variables: str) -> subprocess.Popen[str]:
    if home is not None:
        variables["HOME"] = str(home)
    return subprocess.Popen(
        [sys.executable, SCRIPT, *arguments],
        env={**os.environ, **variables},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def export(*arguments: str | Path, home: Path | None = None, **variables: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr, without the steps on stderr."""
    process = start(*arguments, home=home, **variables)
    stdout, stderr = process.communicate(timeout=100)
    steps = ("Importing ", "Building ", "Exporting ", "Loading ", "Downloading ")
    lines = [line for line in stderr.splitlines(keepends=True) if not line.startswith(steps)]
    return process.returncode, stdout, "".join(lines)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def infer(
    folder: Path, shape: Sequence[int], program: str = "inference.pdmodel", name: str = "input"
) -> NDArray[np.float32]:
    """The output of paddle.inference for fixed pixels; its only input is called `name`."""
    from paddle.inference import Config, create_predictor

    config = Config(str(folder / program), str(folder / "inference.pdiparams"))
    config.disable_glog_info()
    if program.endswith(".json"):
        config.enable_new_ir(True)
        config.enable_new_executor(True)
    predictor = create_predictor(config)
    assert predictor.get_input_names() == [name]
    handle = predictor.get_input_handle(name)
    handle.reshape(shape)
    handle.copy_from_cpu(pixels(shape))
    predictor.run()
    (output,) = predictor.get_output_names()
    answer: NDArray[np.float32] = predictor.get_output_handle(output).copy_to_cpu()
    return answer


def pixels(shape: Sequence[int]) -> NDArray[np.float32]:
    values: NDArray[np.float32] = np.random.default_rng(0).standard_normal(shape).astype("float32")
    return values


def test_the_list_of_networks_comes_from_the_wheel() -> None:
    from paddle.vision import models
    from paddle_export.networks import network_names

    lower_case = {name for name, value in vars(models).items() if name.islower() and callable(value)}
    assert set(network_names()) == lower_case | {"LeNet"}
    assert {"mobilenet_v3_small", "googlenet", "inception_v3", "vgg19", "wide_resnet101_2"} <= lower_case


def test_the_tutorials_command(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    flags = ["--model=mobilenet_v3_small", "--img-size=224", "--device", "cpu", "--num-classes", "1000"]
    assert export(*flags, "--save-inference-dir", folder) == (
        0,
        f"inference model has been saved into {folder}\n",
        "",
    )
    assert names(folder) == PDMODEL
    for batch in (1, 3):
        answer = infer(folder, (batch, 3, 224, 224))
        assert answer.shape == (batch, 1000)
        np.testing.assert_allclose(answer.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("model", "shape"),
    [("googlenet", (2, 3, 224, 224)), ("squeezenet1_1", (2, 3, 96, 96)), ("LeNet", (2, 1, 28, 28))],
)
@pytest.mark.parametrize("form", ["pdmodel", "json"])
def test_the_output_equals_that_of_the_network(
    tmp_path: Path, model: str, shape: tuple[int, ...], form: str
) -> None:
    import paddle

    classes = 7
    factory = getattr(paddle.vision.models, model)
    network = factory(num_classes=classes)
    network.eval()
    weights = tmp_path / "weights.pdparams"
    paddle.save(network.state_dict(), str(weights))
    size = [] if model == "LeNet" else [f"--img-size={shape[-1]}"]
    folder = tmp_path / "model"
    flags = [f"--model={model}", f"--num-classes={classes}", f"--pretrained={weights}", f"--format={form}"]
    assert export(*flags, *size, "--no-softmax", "--save-inference-dir", folder)[0] == 0
    expected = network(paddle.to_tensor(pixels(shape)))
    expected = expected[0] if isinstance(expected, tuple) else expected
    program = "inference.pdmodel" if form == "pdmodel" else "inference.json"
    # Logits of random networks can exceed 100, where float32 has steps of 8e-6.
    np.testing.assert_allclose(infer(folder, shape, program), expected.numpy(), rtol=1e-5, atol=1e-4)


def test_a_seed_produces_the_same_weights_each_time(tmp_path: Path) -> None:
    def parameters(*flags: str) -> bytes:
        assert export("--model=LeNet", *flags, "--save-inference-dir", tmp_path)[0] == 0
        return (tmp_path / "inference.pdiparams").read_bytes()

    first = parameters("--seed=7")
    assert parameters("--seed", "7") == first
    assert parameters("--seed=8") != first
    assert parameters() != parameters()


def test_softmax_can_be_omitted(tmp_path: Path) -> None:
    for flag in ("--softmax", "--no-softmax"):
        assert export("--model=LeNet", "--seed=7", flag, "--save-inference-dir", tmp_path / flag)[0] == 0
    shape = (2, 1, 28, 28)
    raw = np.exp(infer(tmp_path / "--no-softmax", shape))
    np.testing.assert_allclose(
        infer(tmp_path / "--softmax", shape), raw / raw.sum(1, keepdims=True), atol=1e-6
    )


def test_weights_that_do_not_fit_are_named(tmp_path: Path) -> None:
    import paddle

    weights = tmp_path / "digits.pdparams"
    state = paddle.vision.models.LeNet(num_classes=10).state_dict()
    del state["features.0.bias"]
    paddle.save({**state, "other": paddle.zeros([1])}, str(weights))
    flags = ["--model=LeNet", "--num-classes=3", f"--pretrained={weights}"]
    assert export(*flags, "--save-inference-dir", tmp_path / "model") == (
        1,
        "",
        f"error: The weights in {weights} do not fit LeNet with 3 classes: "
        "fc.2.weight is [84,10], the network has [84,3]; fc.2.bias is [10], the network has [3]; "
        "features.0.bias is missing; other is not in the network.\n"
        "Use the weights of this network, and the number of classes they were trained for.\n",
    )
    assert names(tmp_path) == ["digits.pdparams"]


CHECKPOINTS: list[tuple[str, Callable[[State], object], str]] = [
    ("entry", lambda state: {"model": state, "epoch": 3}, "its entry `model`"),
    ("average", lambda state: {"ema": zeros(state), "state_dict": state}, "its entry `state_dict`"),
    ("own name", lambda state: {"student": state, "opt": {"lr": 1}}, "its entry `student`"),
    ("two levels", lambda state: {"state": {"net": state}}, "its entry `state.net`"),
    ("prefix", lambda state: prefixed("module.", state), "without the prefix `module.`"),
    ("layers", lambda state: prefixed("_layers.network.", state), "without the prefix `_layers.network.`"),
    (
        "both",
        lambda state: {"model_state_dict": prefixed("model.", state)},
        "its entry `model_state_dict`, without the prefix `model.`",
    ),
]


def prefixed(prefix: str, state: State) -> State:
    return {f"{prefix}{name}": value for name, value in state.items()}


def zeros(state: State) -> State:
    import paddle

    return {name: paddle.zeros_like(value) for name, value in state.items()}


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[State, bytes]:
    """The weights of a LeNet, and the parameters that an export of them writes."""
    import paddle

    folder = tmp_path_factory.mktemp("digits")
    state = paddle.vision.models.LeNet().state_dict()
    paddle.save(state, str(folder / "plain.pdparams"))
    code, _, stderr = export(
        "--model=LeNet", f"--pretrained={folder}/plain.pdparams", "--save-inference-dir", folder
    )
    assert (code, stderr) == (0, "")
    return state, (folder / "inference.pdiparams").read_bytes()


@pytest.mark.parametrize(
    ("wrap", "part"), [case[1:] for case in CHECKPOINTS], ids=[case[0] for case in CHECKPOINTS]
)
def test_the_weights_in_a_checkpoint_are_unwrapped(
    tmp_path: Path, digits: tuple[State, bytes], wrap: Callable[[State], object], part: str
) -> None:
    import paddle

    state, parameters = digits
    weights = tmp_path / "checkpoint.pdparams"
    paddle.save(wrap(state), str(weights))
    flags = ["--model=LeNet", f"--pretrained={weights}", f"--save-inference-dir={tmp_path}"]
    assert export(*flags) == (
        0,
        f"inference model has been saved into {tmp_path}\n",
        f"Using a part of checkpoint.pdparams: {part}\n",
    )
    assert (tmp_path / "inference.pdiparams").read_bytes() == parameters


def test_the_mismatches_of_a_checkpoint_are_those_of_its_weights(
    tmp_path: Path, digits: tuple[State, bytes]
) -> None:
    import paddle

    weights = tmp_path / "checkpoint.pdparams"
    state = {**digits[0], "other": paddle.zeros([1])}
    paddle.save({"state_dict": prefixed("module.", state), "epoch": 1}, str(weights))
    assert export("--model=LeNet", f"--pretrained={weights}", "--save-inference-dir", tmp_path / "model") == (
        1,
        "",
        f"error: The weights in {weights} (its entry `state_dict`, without the prefix `module.`) do not fit "
        "LeNet with 10 classes: other is not in the network.\n"
        "Use the weights of this network, and the number of classes they were trained for.\n",
    )


@pytest.mark.parametrize(
    ("wrap", "where"),
    [(lambda state: state, ""), (lambda state: {"epoch": 3, "model": state}, " (its entry `model`)")],
    ids=["plain", "entry"],
)
def test_names_of_both_are_listed_if_none_is_in_common(
    tmp_path: Path, wrap: Callable[[State], object], where: str
) -> None:
    import paddle

    weights = tmp_path / "other.pdparams"
    state = {f"encoder.{index}.w": paddle.zeros([1]) for index in range(5)}
    paddle.save(wrap(state), str(weights))
    assert export("--model=LeNet", f"--pretrained={weights}", "--save-inference-dir", tmp_path / "model") == (
        1,
        "",
        f"error: The weights in {weights}{where} do not fit LeNet with 10 classes: they are called encoder.0.w, "
        "encoder.1.w, encoder.2.w, and 2 more; those of the network are features.0.weight, features.0.bias, "
        "features.3.weight, and 7 more.\n"
        "Use the weights of this network.\n",
    )


def test_what_is_not_a_pdparams_is_named(tmp_path: Path) -> None:
    weights = tmp_path / "weights.pdparams"
    weights.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    target = f"--save-inference-dir={tmp_path}/model"
    assert export("--model=LeNet", f"--pretrained={weights}", target) == (
        1,
        "",
        f"error: The weights in {weights} cannot be read: it is a pointer of Git LFS.\n"
        f"In a clone of its repository, get the file itself: git -C {tmp_path} lfs pull\n",
    )
    parameters = weights.rename(tmp_path / "inference.pdiparams")
    parameters.write_bytes(b"\0" * 20)
    assert export("--model=LeNet", f"--pretrained={parameters}", target) == (
        1,
        "",
        f"error: The weights in {parameters} cannot be read: they are those of an exported model, without names.\n"
        "Use that model as it is, or give the .pdparams file that it was exported with.\n",
    )
    assert export("--model=LeNet", "--pretrained=https://example.org/a.pdparams", target) == (
        1,
        "",
        "error: The weights cannot be read from a URL.\n"
        "Download them, and give the file: --pretrained FILE.pdparams\n",
    )


@pytest.mark.parametrize("content", [b"just text\n", b"", b"\x80\x04]\x94."], ids=["text", "empty", "list"])
def test_a_file_that_is_not_a_pdparams_is_rejected(tmp_path: Path, content: bytes) -> None:
    weights = tmp_path / "weights.pdparams"
    weights.write_bytes(content)
    code, stdout, stderr = export(
        "--model=LeNet", "--pretrained", weights, "--save-inference-dir", tmp_path / "model"
    )
    assert (code, stdout) == (1, "")
    assert stderr.startswith(f"error: The weights in {weights} cannot be read: it ")
    assert stderr.endswith(".\nGive a .pdparams file made by paddle.save().\n")
    assert names(tmp_path) == ["weights.pdparams"]


def test_a_failed_download_is_reported_within_seconds(tmp_path: Path) -> None:
    flags = ["--pretrained", "--save-inference-dir", str(tmp_path / "model")]
    proxy = "http://127.0.0.1:9"  # Nothing listens there.
    home = tmp_path / "home"
    home.mkdir()
    variables = {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": ""}
    assert export(*flags, home=home, **variables) == (
        1,
        "",
        "error: The weights of mobilenet_v3_small could not be downloaded from "
        "https://paddle-hapi.bj.bcebos.com/models/mobilenet_v3_small_x1.0.pdparams: "
        "[Errno 111] Connection refused.\n"
        "Check the network and its proxy (HTTPS_PROXY), or download the file elsewhere and pass it: "
        "--pretrained mobilenet_v3_small_x1.0.pdparams\n",
    )
    assert names(tmp_path) == ["home"]
    assert list(home.rglob("*.part")) == []


def test_an_image_size_that_the_network_does_not_support(tmp_path: Path) -> None:
    code, stdout, stderr = export(
        "--model=alexnet", "--img-size=30", "--save-inference-dir", tmp_path / "model"
    )
    assert (code, stdout) == (1, "")
    assert stderr.startswith("error: alexnet cannot be exported at 30 pixels: ")
    assert stderr.endswith(
        ".\nUse another image size: each network has a minimum, and some support a single size.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--img-size", "big"], "argument --img-size: expected a positive integer, got 'big'"),
        (["--num-classes=0"], "argument --num-classes: expected a positive integer, got '0'"),
        (["--seed=-1"], "argument --seed: expected a non-negative integer, got '-1'"),
        (["--modle", "LeNet"], "unrecognized arguments: --modle LeNet"),
    ],
)
def test_an_invalid_command_line_ends_with_2(flags: list[str], message: str) -> None:
    code, stdout, stderr = export(*flags)
    assert (code, stdout) == (2, "")
    assert stderr.endswith(f"export_model.py: error: {message}\n")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_interrupted_export_leaves_nothing(tmp_path: Path, ending: signal.Signals) -> None:
    home = tmp_path / "home"
    home.mkdir()
    process = start("--model=resnet18", "--save-inference-dir", tmp_path / "a" / "b", home=home)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Exporting"):
            process.send_signal(ending)
    process.communicate(timeout=100)
    assert process.returncode == 128 + ending
    assert names(tmp_path) == ["home"]
    assert [path for path in home.rglob("*") if path.is_file()] == []
