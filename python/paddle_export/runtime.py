"""Paddle itself: imported for the right format, quietly, on the right device."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from .failure import ExportError, ImportPaddleError

__all__ = ["check_formats", "import_paddle", "take_device", "writing"]


def import_paddle(form: str) -> None:
    """Import paddle with `form` as its default format, and without its signal handlers."""
    os.environ.update(FLAGS_enable_pir_api="1" if form == "json" else "0")
    os.environ.setdefault("GLOG_minloglevel", "2")
    warnings.simplefilter("ignore")
    try:
        import paddle
    except Exception as error:
        raise ImportPaddleError(sys.executable, error) from error
    paddle.disable_signal_handler()


def check_formats(formats: Sequence[str]) -> None:
    """Reject formats that Paddle 2 does not support."""
    import paddle

    if "json" in formats and paddle.__version__.startswith("2."):
        raise ExportError(
            "EXPORT_FORMAT_UNSUPPORTED",
            f"Paddle {paddle.__version__} of {sys.executable} cannot write the format json, which came with Paddle 3.\n"
            "Use the other format, or a Python with Paddle 3: --format pdmodel, --python",
        )


def writing(form: str, first: str) -> AbstractContextManager[object]:
    """Return a context in which paddle writes `form`, after an import for the format `first`."""
    import paddle

    if form == first:
        return nullcontext()
    guard: AbstractContextManager[object] = paddle.pir_utils.DygraphPirGuard()
    return guard


def take_device(device: str) -> None:
    """Select `device`. Fails if it does not exist: Paddle would silently use the CPU."""
    import paddle

    if device == "gpu" and not paddle.device.is_compiled_with_cuda():
        raise _no_gpu(f"Paddle {paddle.__version__} of {sys.executable} is built for the CPU only")
    if device == "gpu" and paddle.device.cuda.device_count() == 0:
        raise _no_gpu("Paddle finds no GPU on this machine")
    paddle.device.set_device(device)


def _no_gpu(why: str) -> ExportError:
    return ExportError(
        "DEVICE_UNAVAILABLE",
        f"The export cannot use the GPU: {why}.\nExport on the CPU, for the same files: --device cpu",
    )
