"""A network of the user's own: a class or a function of a Python file that gives a layer."""

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
from .blame import blamed_line
from .failure import ExportError, reason_of
from .inputs import Input, fit_inputs
from .layer import Layer

__all__ = ["OwnNetwork"]


class OwnNetwork:
    """`FILE.py:NAME`, called with the arguments of `--model-args`. Running it runs the file's code."""

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
        """The layer, made by calling the class or function."""
        import paddle

        with self._told("could not be loaded", "Mend the file."):
            module = self._load()
        maker = vars(module).get(self._wanted)
        if not callable(maker):
            raise self._not_there(module)
        if seed is not None:
            paddle.seed(seed)
        given = self._arguments or []
        positional, named = ([], given) if isinstance(given, Mapping) else (given, {})
        with self._told("could not be made", "Mend it, or call it with other arguments: --model-args"):
            made: Any = maker(*positional, **named)
        if not isinstance(made, paddle.nn.Layer):
            raise _invalid(
                f"{self.name} gives an object of type {type(made).__name__}, not a paddle.nn.Layer.",
                "Give a class of layers, or a function that returns one.",
            )
        layer: Layer = made
        if hasattr(layer.forward, "rollback"):
            # It is decorated with to_static; it will be traced anew, for the inputs that are described.
            layer.forward.rollback()
        return layer

    def inputs(self, layer: Layer) -> Sequence[Input]:
        """The described inputs, in the order of `forward`."""
        return fit_inputs(self._inputs, layer.forward, self.name)

    def whole(self, layer: Layer) -> Layer:
        """The layer with all of its outputs, or softmax over the only one where that was asked for."""
        if self._softmax:
            layer.register_forward_post_hook(self._softmax_over)
        for _, buffer in layer.named_buffers():
            if not buffer._is_initialized():
                _fill_with_zeros(buffer)
        layer.eval()
        return layer

    def untraceable(self, error: Exception, form: str) -> ExportError:
        """Paddle's reason, and the user's line that it was about."""
        import paddle

        if isinstance(error.__context__, ExportError):
            return error.__context__
        reason, where = reason_of(error), blamed_line(error, self._file.parent)
        newer_only = re.search(r"(\w+)\(\): argument .* must be Value, but got Variable", reason)
        if newer_only:
            return ExportError(
                "EXPORT_FORMAT_UNSUPPORTED",
                f"{self.name} cannot be written as pdmodel: Paddle {paddle.__version__} has {newer_only[1]}() for "
                f"the newer format only{where}.\nTake that one, or another function: --format json",
            )
        remedy = "Mend its forward or the inputs: --input-spec"
        if form == "pdmodel" and not paddle.__version__.startswith("2."):
            remedy = f"{remedy}; where they are right, the newer format may take it: --format json"
        return ExportError("EXPORT_FAILED", f"{self.name} cannot be traced: {reason}{where}.\n{remedy}")

    def _load(self) -> ModuleType:
        # Nothing of ours is to stay beside the user's files.
        sys.dont_write_bytecode = True
        # Its neighbours are found as they are when Python runs the file; they may be imported late, too.
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
            problem = f"{self.name} does not say which network of the file is meant."
        found = [f"{self._file}:{name}" for name in sorted([*layers, *functions], key=distance)]
        if not found:
            return _unknown(problem, "It defines none: give a file that does: FILE.py:CLASS")
        return _unknown(problem, f"Take one of these, nearest first: {', '.join(found)}.")

    def _softmax_over(self, _layer: object, _inputs: object, outputs: Any) -> Any:
        from paddle.nn import functional

        only = outputs[0] if isinstance(outputs, (list, tuple)) and len(outputs) == 1 else outputs
        if isinstance(only, (list, tuple, dict)):
            raise _invalid(
                f"{self.name} has {len(only)} outputs, and softmax is for one.", "Leave it out: --no-softmax"
            )
        return functional.softmax(only)


def _fill_with_zeros(buffer: Any) -> None:
    """Give memory to a buffer without any, as recurrent layers have it, and a name by which both formats keep it.

    Paddle 3.3 cannot trace it as it is; the suffix of its name would keep it out of the parameters, but in one format only.
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
