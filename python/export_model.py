"""Export a network of paddle.vision.models for paddle.inference.

    python export_model.py --model mobilenet_v3_small --save-inference-dir model

Runs alone with any Python that has paddle, or driven by paddle-ts, which reads its JSON lines.
"""

from __future__ import annotations

import sys
import traceback
from contextlib import ExitStack
from pathlib import Path

from paddle_export.arguments import Arguments, parse_arguments
from paddle_export.download import pretrained_weights
from paddle_export.endings import clean_up_when_ended, ignore_ends
from paddle_export.failure import ExportError, reason_of
from paddle_export.inference_yml import inference_yml
from paddle_export.networks import build_layer, describe_network, with_answer
from paddle_export.program import files_of, save_program
from paddle_export.reporter import Reporter
from paddle_export.request import Request, read_request
from paddle_export.runtime import import_paddle, take_device
from paddle_export.target import CONFIG_NAME, Target
from paddle_export.weights import load_weights

__all__ = ["main"]


def main() -> int:
    """Export what the command line asks for; the exit code."""
    arguments = parse_arguments()
    reporter = Reporter(as_json=arguments.driven)
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
    network = describe_network(arguments)
    config = inference_yml(network, request.labels)
    target = Target(arguments.save_inference_dir, writes_config=config is not None)

    reporter.progress("Importing paddle")
    import_paddle(arguments.format)
    clean_up_when_ended(leftovers)
    take_device(arguments.device)
    staging = target.stage(request.staging, leftovers)

    reporter.progress(f"Building {network.name}")
    layer = build_layer(network, arguments.seed)
    if arguments.pretrained is not False:
        given = arguments.pretrained
        file = pretrained_weights(network, reporter, leftovers) if given is True else Path(given)
        reporter.progress(f"Loading {file.name}")
        load_weights(layer, network, file)

    reporter.progress(f"Exporting {network.name}")
    whole = with_answer(layer, arguments.softmax)
    save_program(whole, network, arguments.format, staging.files, staging.scratch)
    names = [*files_of(arguments.format)]
    if config is not None:
        (staging.files / CONFIG_NAME).write_text(config, encoding="utf-8")
        names.append(CONFIG_NAME)
    # From here on it is a matter of a few renames: an end would only cut them short.
    ignore_ends()
    target.commit(staging, names)
    reporter.finished(arguments.save_inference_dir, names)


if __name__ == "__main__":
    sys.exit(main())
