"""A network of the user's own: a class or function in a Python file that returns a layer."""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from .arguments import Arguments
from .failure import ExportError, reason_of
from .inputs import Input, fit_inputs
from .paddle_types import Layer
from .user_code_line import blamed_line

__all__ = ["OwnNetwork"]


class OwnNetwork:
    """`FILE.py:NAME`, called with the arguments of `--model-args`. Executes the code of the file."""

    size = ""

    def __init__(self, arguments: Arguments) -> None:
        self.name = arguments.model
        path, _, wanted = self.name.partition(".py:")
        self._file = Path(path if path.endswith(".py") else f"{path}.py")
        self._wanted = wanted
        self._arguments = arguments.model_args
        self._inputs = arguments.input_spec
        self._softmax = bool(arguments.softmax)
        if not self._file.is_file():
            what = "it is a folder" if self._file.is_dir() else "there is no such file"
            raise _unknown(
                f"There is no network in {self._file}: {what}.", "Give the file and its class: FILE.py:CLASS"
            )

    def build(self, seed: int | None) -> Layer:
        """Create the layer by calling the class or function."""
        import paddle

        with self._told("could not be loaded", "Fix the file."):
            module = self._load()
        maker = vars(module).get(self._wanted)
        if not callable(maker):
            raise self._not_there(module)
        if seed is not None:
            paddle.seed(seed)
        given = self._arguments or []
        positional, named = ([], given) if isinstance(given, Mapping) else (given, {})
        with self._told("could not be created", "Fix it, or pass other arguments: --model-args"):
            made: Any = maker(*positional, **named)
        if not isinstance(made, paddle.nn.Layer):
            raise _invalid(
                f"{self.name} returns an object of type {type(made).__name__}, not a paddle.nn.Layer.",
                "Specify a subclass of paddle.nn.Layer, or a function that returns a layer.",
            )
        layer: Layer = made
        if hasattr(layer.forward, "rollback"):
            # Decorated with to_static: trace it again, with the given inputs.
            layer.forward.rollback()
        return layer

    def inputs(self, layer: Layer) -> Sequence[Input]:
        """Return the inputs in the order of `forward`."""
        return fit_inputs(self._inputs, layer.forward, self.name)

    def whole(self, layer: Layer) -> Layer:
        """Return the layer with all outputs, or on request with softmax over its only output."""
        if self._softmax:
            layer.register_forward_post_hook(self._softmax_over)
        for _, buffer in layer.named_buffers():
            if not buffer._is_initialized():
                _fill_with_zeros(buffer)
        layer.eval()
        return layer

    def untraceable(self, error: Exception, form: str) -> ExportError:
        """Report Paddle's reason, and the line of the user's code."""
        import paddle

        if isinstance(error.__context__, ExportError):
            return error.__context__
        reason, where = reason_of(error), blamed_line(error, self._file.parent)
        newer_only = re.search(r"(\w+)\(\): argument .* must be Value, but got Variable", reason)
        if newer_only:
            return ExportError(
                "EXPORT_FORMAT_UNSUPPORTED",
                f"{self.name} cannot be written as pdmodel: Paddle {paddle.__version__} supports {newer_only[1]}() in "
                f"the newer format only{where}.\nUse that format, or another function: --format json",
            )
        remedy = "Fix its forward or the inputs: --input-spec"
        if form == "pdmodel" and not paddle.__version__.startswith("2."):
            remedy = f"{remedy}; if they are correct, the newer format may support it: --format json"
        return ExportError("EXPORT_FAILED", f"{self.name} cannot be traced: {reason}{where}.\n{remedy}")

    def _load(self) -> ModuleType:
        # Leave no files beside the user's own.
        sys.dont_write_bytecode = True
        # As when Python runs the file, it can import its neighbours, also later.
        sys.path.insert(0, str(self._file.parent.absolute()))
        stem = self._file.stem if self._file.stem not in sys.modules else f"{self._file.stem}_of_the_user"
        spec = importlib.util.spec_from_file_location(stem, self._file.absolute())
        if spec is None or spec.loader is None:
            raise ImportError("it is not a Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[stem] = module
        spec.loader.exec_module(module)
        return module

    @contextlib.contextmanager
    def _told(self, what: str, remedy: str) -> Iterator[None]:
        try:
            yield
        except (Exception, SystemExit) as error:
            reason = error.msg if isinstance(error, SyntaxError) else reason_of(error)
            kind = f"{type(error).__name__}: " if type(error).__name__ not in reason else ""
            where = blamed_line(error, self._file.parent)
            raise _invalid(f"{self.name} {what}: {kind}{reason}{where}.", remedy) from error

    def _not_there(self, module: ModuleType) -> ExportError:
        import paddle

        def is_ours(value: Any) -> bool:
            return getattr(value, "__module__", None) == module.__name__

        layers, functions = [], []
        for name, value in vars(module).items():
            if inspect.isclass(value) and issubclass(value, paddle.nn.Layer) and is_ours(value):
                layers.append(name)
            elif inspect.isfunction(value) and is_ours(value) and not name.startswith("_"):
                functions.append(name)

        def distance(name: str) -> float:
            return -difflib.SequenceMatcher(None, self._wanted, name).ratio()

        if self._wanted:
            problem = f"{self._file} defines no class or function called {self._wanted}."
        else:
            problem = f"{self.name} does not name a network in the file."
        found = [f"{self._file}:{name}" for name in sorted([*layers, *functions], key=distance)]
        if not found:
            return _unknown(problem, "It defines none; use another file: FILE.py:CLASS")
        return _unknown(problem, f"Use one of these, nearest first: {', '.join(found)}.")

    def _softmax_over(self, _layer: object, _inputs: object, outputs: Any) -> Any:
        from paddle.nn import functional

        only = outputs[0] if isinstance(outputs, (list, tuple)) and len(outputs) == 1 else outputs
        if isinstance(only, (list, tuple, dict)):
            raise _invalid(
                f"{self.name} has {len(only)} outputs, but softmax requires one.",
                "Omit softmax: --no-softmax",
            )
        return functional.softmax(only)


def _fill_with_zeros(buffer: Any) -> None:
    """Allocate a buffer without memory, as in recurrent layers, and name it so that both formats keep it.

    Paddle 3.3 cannot trace such a buffer; and the suffix of its name would exclude it from the parameters in one
    format only.
    """
    import numpy as np
    import paddle

    dtype = str(buffer.dtype).rpartition(".")[2]
    buffer.get_tensor().set(np.zeros(buffer.shape, dtype), paddle.CPUPlace())
    buffer.name = buffer.name.replace("__non_persistable", "")


def _unknown(message: str, remedy: str) -> ExportError:
    return ExportError("EXPORT_UNKNOWN_MODEL", f"{message}\n{remedy}")


def _invalid(message: str, remedy: str) -> ExportError:
    return ExportError("EXPORT_NETWORK_INVALID", f"{message}\n{remedy}")
