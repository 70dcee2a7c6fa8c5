"""Converts a model to mixed precision, and checks the result: paddle does not report it when it converts nothing."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paddle_worker.errors import WorkerError
from paddle_worker.load_failure import explained
from paddle_worker.model_files import program_file, read_checked
from paddle_worker.params_file import check_params_file
from paddle_worker.private_folder import private_folder_at
from paddle_worker.program import Program, operators_in, read_program

if TYPE_CHECKING:
    from paddle_worker.protocol.control import ModelPaths
    from paddle_worker.protocol.one_shot import ConvertReply, ConvertRequest

__all__ = ["convert_model"]

# Paddle's and numpy's names for the precisions.
_PRECISIONS = {"fp16": ("Half", "float16"), "bf16": ("Bfloat16", "bfloat16")}


def convert_model(request: ConvertRequest) -> ConvertReply:
    """Writes `inference.pdmodel` and `inference.pdiparams` into the folder: both or neither.

    Raises `WorkerError` CONVERT_FAILED, CONVERT_TARGET_UNUSABLE, MODEL_LOAD_FAILED, MODEL_PARAMS_NOT_FOUND.
    """
    folder = Path(request["folder"])
    with ExitStack() as stack:
        try:
            staging = stack.enter_context(private_folder_at(folder / request["staging"]))
        except OSError as error:
            raise _unwritable(folder, error) from error
        reply = _convert_into(staging, request)
        try:
            _place(staging, folder, reply["params"])
        except OSError as error:
            raise _unwritable(folder, error) from error
    return reply


def _unwritable(folder: Path, error: OSError) -> WorkerError:
    return WorkerError(
        "CONVERT_TARGET_UNUSABLE",
        f"The converted files cannot be written into {folder}: {error.strerror or error}.\n"
        "Choose another folder, or check its free space and permissions.",
    )


def _place(staging: Path, folder: Path, with_params: bool) -> None:
    params = "inference.pdiparams"
    if with_params:
        (staging / params).replace(folder / params)
    (staging / "inference.pdmodel").replace(folder / "inference.pdmodel")
    if not with_params:
        # Parameters of an earlier conversion do not belong to this program.
        (folder / params).unlink(missing_ok=True)


def _convert_into(folder: Path, request: ConvertRequest) -> ConvertReply:
    from paddle import inference

    model = request["model"]
    if model["format"] == "json":
        raise WorkerError(
            "CONVERT_FAILED",
            f"{model['program']} is in the format of Paddle 3, which paddle's converter does not support.\n"
            "Export the network with --format pdmodel, and convert that.",
        )
    program = read_checked(model)
    _check_parameters(program, model)
    _check_lists(request, program)
    _check_backend(request["backend"])
    target, params = folder / "inference.pdmodel", folder / "inference.pdiparams"
    precision, dtype = _PRECISIONS[request["precision"]]
    before = operators_in(program_file(model), dtype)
    with explained(model, program):
        inference.convert_to_mixed_precision(
            str(program_file(model)),
            _combined_params(model, program, folder),
            str(target),
            str(params),
            getattr(inference.PrecisionType, precision),
            getattr(inference.PlaceType, request["backend"].upper()),
            request["keepIoTypes"],
            set(request["blackList"]),
            white_list=set(request["whiteList"]),
        )
    converted = operators_in(target, dtype)
    converted.subtract(before)
    count = sum(number for number in converted.values() if number > 0)
    if count == 0:
        raise _nothing_converted(request)
    result = read_program(target)
    if result.parameters:
        check_params_file(params, result.parameters)
    else:
        params.unlink()
    _load(target, params if result.parameters else None)
    return {
        "operators": count,
        "inputs": result.inputs,
        "outputs": result.outputs,
        "params": bool(result.parameters),
    }


def _check_parameters(program: Program, model: ModelPaths) -> None:
    import paddle

    version: str = paddle.version.full_version
    if not program.parameters and version.startswith("2."):
        raise WorkerError(
            "CONVERT_FAILED",
            f"{model['program']} has no parameters, and paddle {version} converts only networks that have some.\n"
            "Convert it with Paddle 3.",
        )


def _check_lists(request: ConvertRequest, program: Program) -> None:
    for kind, names in (("black", request["blackList"]), ("white", request["whiteList"])):
        for name in names:
            if name not in program.operators:
                raise WorkerError(
                    "CONVERT_FAILED",
                    f"The {kind} list names {name}, but {request['model']['program']} has no such operator.\n"
                    f"It has {', '.join(sorted(program.operators))}.",
                )


def _check_backend(backend: str) -> None:
    """Raises if there is no custom device, because paddle's converter would crash with a null pointer."""
    if backend != "custom":
        return
    import paddle

    if not paddle.device.get_all_custom_device_type():
        raise WorkerError(
            "CONVERT_FAILED",
            "There is no custom device: this paddle has no plug-in for one.\nInstall the plug-in, or name another backend.",
        )


def _combined_params(model: ModelPaths, program: Program, folder: Path) -> str:
    """The file of all parameters. Separate files are joined: a combined file is their concatenation, in the
    order of the names.
    """
    if model["params"] is not None or not program.parameters:
        return model["params"] or ""
    combined = folder / "combined"
    with combined.open("wb") as stream:
        for name in sorted(parameter["name"] for parameter in program.parameters):
            stream.write(program_file(model).with_name(name).read_bytes())
    return str(combined)


def _nothing_converted(request: ConvertRequest) -> WorkerError:
    import paddle

    version, backend, precision = paddle.version.full_version, request["backend"], request["precision"]
    lacking = {"gpu": not paddle.is_compiled_with_cuda(), "xpu": not paddle.is_compiled_with_xpu()}
    if lacking.get(backend, False):
        reason = f"paddle {version} is built without {backend.upper()} support and has none of its operators"
        remedy = f"Convert it with a wheel for {backend.upper()}, or name the operators to convert"
    else:
        reason = f"paddle {version} has none of its operators in {precision} for {backend}, or the lists leave none"
        remedy = "Name the operators to convert"
    return WorkerError(
        "CONVERT_FAILED",
        f"No operator of {request['model']['program']} was converted: {reason}.\n{remedy} in the white list.",
    )


def _load(program: Path, params: Path | None) -> Any:
    """Raises paddle's exception if the result cannot be loaded."""
    from paddle import inference

    config = inference.Config(str(program), "" if params is None else str(params))
    config.disable_glog_info()
    config.disable_gpu()
    config.switch_ir_optim(False)
    return inference.create_predictor(config)
