"""Export a network of paddle.vision.models, or one of your own, for paddle.inference.

    python export_model.py --model mobilenet_v3_small --save-inference-dir model
    python export_model.py --model net.py:Net --input-spec 'x:float32[-1,3]' --save-inference-dir model

Runs on its own with any Python that has paddle, or driven by paddle-ts, which reads its messages.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from paddle_export.arguments import Arguments, parse_arguments
from paddle_export.cleanup_on_signal import clean_up_when_ended, ignore_ends
from paddle_export.download import pretrained_weights
from paddle_export.failure import ExportError, reason_of
from paddle_export.inference_yml import inference_yml
from paddle_export.networks import describe_network
from paddle_export.older_ops import bind_older_ops
from paddle_export.own_network import OwnNetwork
from paddle_export.paddle_types import Layer
from paddle_export.program import save_program, share_parameters
from paddle_export.reporter import Reporter
from paddle_export.request import Request, read_request
from paddle_export.runtime import check_formats, import_paddle, take_device, writing
from paddle_export.source import Source
from paddle_export.target_folder import CONFIG_NAME, Staging, Target
from paddle_export.weights import load_weights

__all__ = ["main"]


def main() -> int:
    """Run the export of the command line; return the exit code."""
    arguments = parse_arguments()
    reporter = Reporter(arguments.driven)
    request = read_request() if arguments.driven else Request()
    with ExitStack() as leftovers:
        try:
            _export(arguments, request, reporter, leftovers)
        except ExportError as error:
            reporter.failed(error)
        except Exception as error:
            traceback.print_exc()
            message = f"{arguments.model} could not be exported: {reason_of(error)}."
            reporter.failed(ExportError("EXPORT_FAILED", message))
        else:
            return 0
    return 1


def _export(arguments: Arguments, request: Request, reporter: Reporter, leftovers: ExitStack) -> None:
    network = None if arguments.own else describe_network(arguments)
    source: Source = network or OwnNetwork(arguments)
    config = None if network is None else inference_yml(network, request.labels)
    target = Target(arguments.save_inference_dir, writes_config=config is not None)

    reporter.progress("Importing paddle")
    import_paddle(arguments.formats[0])
    clean_up_when_ended(leftovers)
    check_formats(arguments.formats)
    take_device(arguments.device)
    staging = target.stage(request.staging, leftovers)

    reporter.progress(f"Building {source.name}")
    layer = source.build(arguments.seed)
    if arguments.pretrained is True and network is not None:
        _load(layer, network, pretrained_weights(network, reporter, leftovers), reporter)
    elif isinstance(arguments.pretrained, str):
        _load(layer, source, Path(arguments.pretrained), reporter)

    reporter.progress(f"Exporting {source.name}")
    names = _save(layer, source, arguments.formats, staging)
    if config is not None:
        (staging.files / CONFIG_NAME).write_text(config, encoding="utf-8")
        names.append(CONFIG_NAME)
    # Only a few renames remain, which a signal must not interrupt.
    ignore_ends()
    target.commit(staging, names)
    reporter.finished(arguments.save_inference_dir, names)


def _load(layer: Layer, source: Source, file: Path, reporter: Reporter) -> None:
    reporter.progress(f"Loading {file.name}")
    part = load_weights(layer, source, file)
    if part is not None:
        reporter.progress(f"Using a part of {file.name}: {part}")


def _save(layer: Layer, source: Source, formats: Sequence[str], staging: Staging) -> list[str]:
    """Write each format; the second one shares the parameters of the first. Return the names, programs first."""
    first, *others = formats
    inputs = source.inputs(layer)
    whole = source.whole(layer)
    if first == "pdmodel":
        bind_older_ops()
    names = save_program(whole, source, inputs, first, staging.files, staging.scratch)
    for form in others:
        folder = staging.scratch / form
        folder.mkdir()
        with writing(form, first):
            program = save_program(whole, source, inputs, form, folder, staging.scratch)[0]
        share_parameters(staging.files, folder)
        (folder / program).rename(staging.files / program)
        names.insert(1, program)
    return names


if __name__ == "__main__":
    sys.exit(main())
