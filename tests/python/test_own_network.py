"""A user's own networks: created, given inputs, exported, and each mistake reported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paddle_export.arguments import parse_arguments
from paddle_export.failure import ExportError
from paddle_export.inputs import Input, parse_input
from paddle_export.own_network import OwnNetwork
from paddle_export.program import save_program
from test_export_model import export, infer, names

NET = Path(__file__).parents[1] / "helpers" / "own_net.py"
ATTENTION = ["--input-spec=words:float32[-1,?,8]", "--input-spec=sharpness:float32[]"]


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test reloads the files."""
    import sys

    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if "paddle" not in name:
            del sys.modules[name]


def own(name: str, *flags: str, file: Path = NET) -> OwnNetwork:
    return OwnNetwork(parse_arguments([f"--model={file}:{name}", *flags]))


def failure(code: str, work: Any, *arguments: Any) -> str:
    with pytest.raises(ExportError) as error:
        work(*arguments)
    assert error.value.code == code
    return error.value.message


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "net.py"
    file.write_text(text)
    return file


def test_inputs_are_parsed() -> None:
    assert parse_input("x:float32[-1, 3,?]") == Input("x", "float32", (None, 3, None))
    assert parse_input("a.b:bool[]") == Input("a.b", "bool", ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "expected NAME:DTYPE[SHAPE], such as x:float32[-1,3], got 'x'"),
        ("x:float32[0]", "expected positive sizes, -1 or ?, got [0] in 'x:float32[0]'"),
        ("x:float32[1,]", "expected positive sizes, -1 or ?, got [1,] in 'x:float32[1,]'"),
        (
            "x:int16[1]",
            "expected a dtype of float32, float64, float16, bfloat16, int64, int32, int8, uint8, bool, "
            "got 'int16' in 'x:int16[1]'",
        ),
    ],
)
def test_invalid_inputs(text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:
        parse_input(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ["--img-size=3"],
            "--img-size applies to networks of paddle.vision.models only, not to net.py:Net",
        ),
        (
            ["--pretrained"],
            "--pretrained without a file applies to networks of paddle.vision.models only, not to net.py:Net",
        ),
        (["--input-spec=x:bool[]", "--input-spec=x:bool[]"], "--input-spec describes x twice"),
        (["--model-args=3"], "argument --model-args: expected a JSON object or array, got '3'"),
        (
            ["--model=LeNet", "--model-args=[]"],
            "--model-args applies to networks of your own (--model FILE.py:CLASS) only, not to LeNet",
        ),
    ],
)
def test_conflicting_flags(flags: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse_arguments(["--model=net.py:Net", *flags])
    assert end.value.code == 2
    assert capsys.readouterr().err.endswith(f"error: {message}\n")


def test_arguments_by_name_or_by_position() -> None:
    for flags in (['--model-args={"width":4,"bias":false}'], ["--model-args=[4,false]"]):
        state = own("Attention", *flags).build(None).state_dict()
        assert {name: list(value.shape) for name, value in state.items()} == {"project.weight": [4, 4]}


def test_inputs_by_name_or_by_position() -> None:
    layer = own("Attention").build(None)

    def order(*specs: str) -> list[str]:
        network = own("Attention", *(f"--input-spec={spec}:float32[]" for spec in specs))
        return [given.name for given in network.inputs(layer)]

    assert order("sharpness", "words") == ["words", "sharpness"]
    assert order("b", "a") == ["b", "a"]
    assert failure("EXPORT_INPUTS_INVALID", order, "words") == (
        f"The forward of {NET}:Attention takes words, sharpness, but words is described.\n"
        "Describe it with its own dtype and shape: --input-spec 'sharpness:float32[-1,3]'"
    )
    assert failure("EXPORT_INPUTS_INVALID", order, "a", "b", "c") == (
        f"The forward of {NET}:Attention takes words, sharpness, but a, b, c are described.\nOmit the others."
    )


def test_a_missing_file_is_reported_before_paddle_is_imported(tmp_path: Path) -> None:
    file = tmp_path / "none.py"
    assert failure("EXPORT_UNKNOWN_MODEL", lambda: own("Net", file=file)) == (
        f"There is no network in {file}: there is no such file.\nGive the file and its class: FILE.py:CLASS"
    )


def test_the_error_for_a_missing_class_lists_the_existing_ones() -> None:
    assert failure("EXPORT_UNKNOWN_MODEL", own("Atention").build, None) == (
        f"{NET} defines no class or function called Atention.\n"
        f"Use one of these, nearest first: {NET}:Attention, {NET}:make_attention, {NET}:Recurrent, "
        f"{NET}:Broken, {NET}:nothing, {NET}:Shy, {NET}:Plus."
    )
    unnamed = OwnNetwork(parse_arguments([f"--model={NET}"]))
    assert failure("EXPORT_UNKNOWN_MODEL", unnamed.build, None).startswith(
        f"{NET} does not name a network in the file.\nUse one of these, nearest first: {NET}:Attention"
    )


def test_an_exception_in_user_code_is_reported_with_its_line(tmp_path: Path) -> None:
    line = NET.read_text().split("raise ValueError", 1)[0].count("\n") + 1
    assert failure("EXPORT_NETWORK_INVALID", own("Attention", "--model-args=[0]").build, None) == (
        f"{NET}:Attention could not be created: ValueError: width must be positive, not 0 "
        f"(own_net.py, line {line}, in __init__).\n"
        "Fix it, or pass other arguments: --model-args"
    )
    assert failure("EXPORT_NETWORK_INVALID", own("make_attention").build, None) == (
        f"{NET}:make_attention could not be created: TypeError: make_attention() missing 1 required positional "
        "argument: 'width'.\nFix it, or pass other arguments: --model-args"
    )
    file = written(tmp_path, "import sys\nsys.exit(3)\n")
    assert failure("EXPORT_NETWORK_INVALID", own("Net", file=file).build, None) == (
        f"{file}:Net could not be loaded: SystemExit: 3 (net.py, line 2).\nFix the file."
    )
    file = written(tmp_path, "x = 1\nclass Net(:\n")
    assert failure("EXPORT_NETWORK_INVALID", own("Net", file=file).build, None) == (
        f"{file}:Net could not be loaded: SyntaxError: invalid syntax (net.py, line 2).\nFix the file."
    )


def test_values_that_are_not_networks() -> None:
    assert failure("EXPORT_NETWORK_INVALID", own("nothing").build, None) == (
        f"{NET}:nothing returns an object of type int, not a paddle.nn.Layer.\n"
        "Specify a subclass of paddle.nn.Layer, or a function that returns a layer."
    )


@pytest.mark.parametrize("flags", [[], ["--softmax"]])
def test_a_failing_forward_is_reported_with_its_line(tmp_path: Path, flags: list[str]) -> None:
    network = own("Broken", "--input-spec=words:float32[-1,3]", *flags)
    layer = network.build(None)
    arguments = (network.whole(layer), network, network.inputs(layer), "json", tmp_path, tmp_path)
    line = NET.read_text().split("return words + ", 1)[0].count("\n") + 1
    message = failure("EXPORT_FAILED", save_program, *arguments)
    assert message.startswith(
        f"{NET}:Broken cannot be traced: ValueError: (InvalidArgument) Broadcast dimension"
    )
    assert message.endswith(
        f" (own_net.py, line {line}, in forward).\nFix its forward or the inputs: --input-spec"
    )


def test_softmax_is_for_one_output(tmp_path: Path) -> None:
    network = own("Attention", *ATTENTION, "--softmax")
    layer = network.build(None)
    arguments = (network.whole(layer), network, network.inputs(layer), "json", tmp_path, tmp_path)
    assert failure("EXPORT_NETWORK_INVALID", save_program, *arguments) == (
        f"{NET}:Attention has 2 outputs, but softmax requires one.\nOmit softmax: --no-softmax"
    )


def test_both_formats_use_the_weights_of_a_file_and_return_the_networks_outputs(tmp_path: Path) -> None:
    import paddle
    from paddle.inference import Config, create_predictor

    layer: Any = own("Attention").build(None)
    weights = tmp_path / "own.pdparams"
    paddle.save(layer.state_dict(), str(weights))
    folder = tmp_path / "model"
    flags = [f"--model={NET}:Attention", *ATTENTION, f"--pretrained={weights}", "--format=both"]
    assert export(*flags, "--save-inference-dir", folder)[0] == 0
    assert names(folder) == [
        "inference.json",
        "inference.pdiparams",
        "inference.pdiparams.info",
        "inference.pdmodel",
    ]
    words = np.random.default_rng(0).standard_normal((2, 5, 8)).astype("float32")
    sharpness = np.array(1.5, "float32")
    expected = [answer.numpy() for answer in layer(paddle.to_tensor(words), paddle.to_tensor(sharpness))]
    for program in ("inference.pdmodel", "inference.json"):
        config = Config(str(folder / program), str(folder / "inference.pdiparams"))
        config.disable_glog_info()
        if program.endswith(".json"):
            config.enable_new_ir(True)
            config.enable_new_executor(True)
        predictor = create_predictor(config)
        assert predictor.get_input_names() == ["words", "sharpness"]
        predictor.get_input_handle("words").copy_from_cpu(words)
        predictor.get_input_handle("sharpness").copy_from_cpu(sharpness)
        predictor.run()
        answers = [predictor.get_output_handle(name).copy_to_cpu() for name in predictor.get_output_names()]
        np.testing.assert_allclose(answers[0], expected[0], atol=1e-5)
        np.testing.assert_array_equal(answers[1], expected[1])


def test_a_network_without_parameters_is_only_a_program(tmp_path: Path) -> None:
    flags = [f"--model={NET}:Shy", "--input-spec=x:float32[-1,3]", "--softmax", "--format=both"]
    assert export(*flags, "--save-inference-dir", tmp_path)[0] == 0
    assert names(tmp_path) == ["inference.json", "inference.pdmodel"]


def test_recurrent_layers_have_the_same_parameters_in_both_formats(tmp_path: Path) -> None:
    flags = [f"--model={NET}:Recurrent", "--input-spec=x:float32[-1,-1,4]", "--format=both"]
    assert export(*flags, "--save-inference-dir", tmp_path)[0] == 0
    older, newer = (
        infer(tmp_path, (2, 3, 4), name="x"),
        infer(tmp_path, (2, 3, 4), "inference.json", name="x"),
    )
    assert older.shape == (2, 3, 2)
    np.testing.assert_allclose(older, newer, atol=1e-6)


def test_a_function_that_the_older_format_lacks(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "import paddle\n"
        "class Net(paddle.nn.Layer):\n"
        "    def forward(self, x):\n"
        "        return paddle.index_put_(x, (paddle.to_tensor([0]),), paddle.to_tensor([1.0]))\n",
    )
    flags = [f"--model={file}:Net", "--input-spec=x:float32[3]"]
    import paddle

    assert export(*flags, "--save-inference-dir", tmp_path / "model") == (
        1,
        "",
        f"error: {file}:Net cannot be written as pdmodel: Paddle {paddle.__version__} supports index_put_() in the "
        "newer format only (net.py, line 4, in forward).\n"
        "Use that format, or another function: --format json\n",
    )
    assert names(tmp_path) == ["net.py"]
