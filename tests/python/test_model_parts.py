from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from paddle_worker.errors import WorkerError, describe_error, without_stack
from paddle_worker.inspect_model import inspect_model
from paddle_worker.load_failure import NewerProgramError, explained, is_newer
from paddle_worker.program import Program, operators_in, read_program
from paddle_worker.staging import stage_model

if TYPE_CHECKING:
    from paddle_worker.protocol.control import ModelInMemory, ModelPaths

DOCTOR = Path(__file__).parents[2] / "models" / "doctor" / "inference.pdmodel"
PYTHON_FOLDER = Path(__file__).parents[2] / "python"


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for temporary files, in which no file may be left."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def in_memory(folder: Path, program: bytes, params: bytes = b"") -> ModelInMemory:
    file = folder / "memory"
    # Regions are whole pages.
    file.write_bytes(program + params + bytes(4096))
    descriptor = os.open(file, os.O_RDWR)
    return {"descriptor": descriptor, "programBytes": len(program), "paramsBytes": len(params)}


def test_a_model_in_memory_is_staged_in_private_files(tmp_path: Path, temp: Path) -> None:
    memory = in_memory(tmp_path, b"\x0aprogram", b"parameters")
    with stage_model(memory) as staged:
        assert staged.format == "pdmodel"
        assert staged.params is not None
        program, params = Path(staged.program), Path(staged.params)
        assert (program.name, params.name) == ("inference.pdmodel", "inference.pdiparams")
        assert (program.read_bytes(), params.read_bytes()) == (b"\x0aprogram", b"parameters")
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (program.parent, program, params)]
        assert modes == [0o700, 0o600, 0o600]
        assert program.parent.parent == temp
        with pytest.raises(OSError):
            os.fstat(memory["descriptor"])
    assert not program.parent.exists()


def test_json_without_parameters(tmp_path: Path, temp: Path) -> None:
    with stage_model(in_memory(tmp_path, b' \n{"base_code":{}}')) as staged:
        assert staged.format == "json"
        assert Path(staged.program).name == "inference.json"
        assert staged.params is None
        assert len(list(Path(staged.program).parent.iterdir())) == 1


def test_errors_do_not_name_the_staged_files(tmp_path: Path, temp: Path) -> None:
    with pytest.raises(WorkerError) as failure, stage_model(in_memory(tmp_path, b"p", b"q")) as staged:
        raise WorkerError("MODEL_LOAD_FAILED", f"{staged.program} and {staged.params} are broken.")
    assert str(failure.value) == ("The model in memory and the `params` of the model in memory are broken.")
    assert failure.value.code == "MODEL_LOAD_FAILED"


def test_no_room_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    # Root may write anywhere, but not beyond a file size limit.
    code = (
        "import os, resource, signal, sys\n"
        "from paddle_worker.staging import stage_model\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "memory = {'descriptor': os.open(sys.argv[1], os.O_RDWR), 'programBytes': 2000000, 'paramsBytes': 0}\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    with stage_model(memory): pass\n"
        "except Exception as error: print(error.code, error)\n"
    )
    file = tmp_path / "memory"
    file.write_bytes(bytes(2_000_000))
    result = subprocess.run(
        [sys.executable, "-c", code, file],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert result.stdout == (
        f"MODEL_LOAD_FAILED The model in memory (2.0 MB) cannot be written to files in {tmp_path}: File too large.\n"
        "Free space there, or set TMPDIR to another folder.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["memory"]


def test_nothing_is_left_when_the_worker_is_killed(tmp_path: Path, temp: Path) -> None:
    memory = in_memory(tmp_path, b"program", b"parameters")
    code = (
        "import json, sys, time\n"
        "from paddle_worker.staging import stage_model\n"
        "with stage_model(json.loads(sys.argv[1])) as staged:\n"
        "    print(staged.program, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, json.dumps(memory)],
        env=environment(),
        pass_fds=[memory["descriptor"]],
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout is not None
        folder = Path(worker.stdout.readline().strip()).parent
        assert len(list(folder.iterdir())) == 2
        worker.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.close(memory["descriptor"])
    assert not folder.exists()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PYTHON_FOLDER)}


def write_json(file: Path, operators: list[dict[str, object]], version: int) -> Path:
    blocks = [{"#": "block_0", "args": [], "ops": operators}]
    program = {"regions": [{"#": "region_0", "blocks": blocks}]}
    content = {"base_code": {"magic": "pir", "trainable": True, "version": version}, "program": program}
    file.write_text(json.dumps(content))
    return file


def value(dtype: str, shape: list[int]) -> dict[str, object]:
    return {"%": 1, "TT": {"#": "0.t_dtensor", "D": [{"#": f"0.t_{dtype}"}, shape, "NCHW", [], 0]}}


def test_a_json_program_with_a_branch(tmp_path: Path) -> None:
    name = [{"AT": {"#": "0.a_str", "D": "x"}, "N": "name"}]
    inner = [{"#": "1.tanh"}, {"#": "2.yield"}]
    file = write_json(
        tmp_path / "inference.json",
        [
            {"#": "p", "A": [0, 1, 1, "linear_0.w_0"], "O": value("bf16", [3, 4]), "OA": [1, 0, 1]},
            {"#": "1.data", "A": name, "O": [value("f32", [-1, 3])]},
            {
                "#": "1.if",
                "regions": [{"blocks": [{"ops": inner}]}, {"blocks": [{"ops": [{"#": "1.tanh"}]}]}],
            },
            {"#": "7.thing"},
            {"#": "1.fetch", "A": name, "O": [value("i64", [-1])]},
        ],
        version=3,
    )
    assert read_program(file) == Program(
        inputs=[{"name": "x", "dtype": "float32", "shape": [-1, 3]}],
        outputs=[{"name": "x", "dtype": "int64", "shape": [-1]}],
        parameters=[{"name": "linear_0.w_0", "dtype": "bfloat16", "shape": [3, 4]}],
        version="3.2",
        operators={"pd_op.if": 1, "pd_op.tanh": 2, "cf.yield": 1, "7.thing": 1},  # type: ignore[arg-type]
    )
    model: ModelPaths = {"format": "json", "program": str(file), "params": None}
    assert inspect_model(model) == {
        "files": [{"file": str(file), "bytes": file.stat().st_size}],
        "writtenBy": "3.2",
        "inputs": [{"name": "x", "dtype": "float32", "shape": [-1, 3]}],
        "outputs": [{"name": "x", "dtype": "int64", "shape": [-1]}],
        "operators": {"pd_op.tanh": 2, "7.thing": 1, "cf.yield": 1, "pd_op.if": 1},
        "parameters": {"tensors": 1, "elements": 12, "bytes": {"bfloat16": 24}},
    }


def test_a_pdmodel_contains_its_version_and_operators() -> None:
    program = read_program(DOCTOR)
    assert program.version is not None
    assert program.version.startswith("3.")
    assert sum(operators_in(DOCTOR, "float32").values()) == sum(program.operators.values()) > 0
    assert operators_in(DOCTOR, "float16") == {}


@pytest.mark.parametrize(
    ("written", "own", "newer"),
    [
        ("3.3", "3.2.2", True),
        ("3.3", "3.3.1", False),
        ("3.3.1", "3.3.0", True),
        ("2.6.2", "3.0.0", False),
        ("3.10", "3.9.1", True),
        ("3.3", "0.0.0", False),
        ("3.3", "develop", False),
    ],
)
def test_is_newer(written: str, own: str, newer: bool) -> None:
    assert is_newer(written, own) is newer


def test_a_failure_to_load_a_newer_program_is_explained() -> None:
    import paddle

    own = paddle.version.full_version
    model: ModelPaths = {"format": "json", "program": "m/inference.json", "params": None}
    newer = read_program(DOCTOR)._replace(version="98.7")
    with pytest.raises(NewerProgramError) as failure, explained(model, newer):
        raise ValueError("(InvalidArgument) No such operator. (at /paddle/x.cc:1)")
    assert describe_error(failure.value)["code"] == "MODEL_LOAD_FAILED"
    assert str(failure.value) == (
        f"m/inference.json was written by paddle 98.7, and paddle {own} cannot read all of it: "
        "ValueError: (InvalidArgument) No such operator.\n"
        f"Get that version (paddle-ts setup --paddle-version 98.7.0), or export the model again with paddle {own}."
    )
    with pytest.raises(ValueError), explained(model, newer._replace(version="1.8.0")):
        raise ValueError("(InvalidArgument) No such operator.")


def test_an_operator_that_the_device_lacks_is_explained() -> None:
    text = "(Unimplemented) There are no kernels which are registered in the conv2d operator."
    assert without_stack(text) == (
        f"{text}\nThe device does not have this operator for the dtype of its tensors: "
        "a model converted to float16 or bfloat16 is for a GPU."
    )
