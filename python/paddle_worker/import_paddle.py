"""Imports paddle: all of it, or only what a predictor on the CPU needs, which takes a third of the time and
half the memory.

`import paddle` runs paddle/__init__.py, which imports training, vision, distribution and much else. A
predictor needs only paddle's core and `paddle.inference`. The short import creates their packages without
running them, and runs only the part of paddle/base/__init__.py that sets up the core. This is verified only
for known wheels, so the hash of the files is compared first.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.util
import os
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

__all__ = ["KNOWN", "fingerprint", "import_paddle"]

# The wheels for which the short import is verified, by the fingerprint of their files. A fingerprint is the
# same on every platform and for every Python.
KNOWN = {
    "1baea622095455fe8fee9d231adfab71fa5af6c2563e356ddd81277042a070cd": "2.6.2",
    "badb984dbf3835d6fa50dd959915657cc11c9ebf5334c9f81cac799a973b7d42": "3.2.2",
    "7d65bbf3078082bc03e689a95003b47c2ce1a41136b96e39e61e39c84f2c7a16": "3.3.1",
}

# The files that the short import skips, runs in part, or replaces.
_REPLACED = ("__init__.py", "base/__init__.py", "pir_utils.py", "utils/__init__.py")

# Version attributes of wheels for other devices; such a package must be imported as a whole to find the
# device's libraries.
_DEVICES = ("cuda_version", "hip_version", "xpu_version", "xpu_xre_version")

_LIBRARY = "paddle.base.libpaddle"


def import_paddle(*, whole: bool) -> None:
    """Adds `paddle` to `sys.modules`; uses the short import unless `whole` is set or it could affect a predictor."""
    if whole or "paddle" in sys.modules or _is_special() or not _has_imported_core():
        _import_all()


def fingerprint(package: Path) -> str:
    """The hash of the files of the package `paddle` that the short import replaces."""
    digest = _sha256()
    for name in _REPLACED:
        content = (package / name).read_bytes()
        digest.update(b"%s %d\n" % (name.encode(), len(content)))
        digest.update(content)
    value: str = digest.hexdigest()
    return value


def _sha256() -> Any:
    """CPython's built-in SHA-256, if it has one: `hashlib` also loads OpenSSL, which takes 3 ms of each start."""
    for name in ("_sha2", "_sha256"):
        with contextlib.suppress(ImportError):
            return importlib.import_module(name).sha256()
    return importlib.import_module("hashlib").sha256()


class _NotKnownError(Exception):
    """The wheel is unknown, or its files differ from the published ones."""


def _is_special() -> bool:
    """Whether the environment contains flags for other parts of the package, or adds devices."""
    variables = (name for name in os.environ if name.startswith("FLAGS_") or name == "CUSTOM_DEVICE_ROOT")
    return next(variables, None) is not None or importlib.util.find_spec("paddle_custom_device") is not None


def _has_imported_core() -> bool:
    try:
        _import_core()
    except Exception:
        # Paddle's own import reports the error best. The library itself can be loaded only once.
        for name in list(sys.modules):
            if name.partition(".")[0] == "paddle" and not name.startswith(_LIBRARY):
                del sys.modules[name]
        return False
    return True


def _import_core() -> None:
    paddle = _package("paddle")
    version = importlib.import_module("paddle.version")
    if KNOWN.get(fingerprint(Path(paddle.__path__[0]))) != version.full_version or any(
        getattr(version, name, None) not in (None, "", "False") for name in _DEVICES
    ):
        raise _NotKnownError
    base = _package("paddle.base")
    _package("paddle.utils")
    start_core = _start_of_core(base)
    # Imported before paddle limits the threads, as in paddle's own import.
    importlib.import_module("numpy")
    core = importlib.import_module("paddle.base.core")
    exec(start_core, vars(base))
    _switch_to_pir(core)
    paddle.Tensor = core.eager.Tensor  # type: ignore[attr-defined]
    importlib.import_module("paddle.inference")


def _package(name: str) -> ModuleType:
    """A package whose modules can be imported, without running its `__init__.py`."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(name)
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)
    return package


def _start_of_core(base: ModuleType) -> CodeType:
    """The part of paddle/base/__init__.py that sets up the core: it reads the flags of the environment, finds
    the devices, and so on.
    """
    assert base.__file__ is not None
    tree = ast.parse(Path(base.__file__).read_bytes())
    core = ast.parse("from paddle.base import core").body
    tree.body = [*core, *(node for node in tree.body if _is_for_core(node))]
    return compile(tree, base.__file__, "exec")


def _is_for_core(node: ast.stmt) -> bool:
    """Excludes statements that only extend classes for training, and the modules for that."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func) in ("__bootstrap__", "atexit.register")
    return isinstance(node, (ast.Import, ast.FunctionDef))


def _switch_to_pir(core: ModuleType) -> None:
    """The part of paddle/pir_utils.py that sets up the core for programs in the form of Paddle 3."""
    flags = core.globals()
    if not flags["FLAGS_enable_pir_api"]:
        return
    flags["FLAGS_enable_pir_in_executor"] = True
    core.pir.register_paddle_dialect()
    core.pir.register_dist_dialect()


def _import_all() -> None:
    importlib.import_module("paddle")
    base, library = sys.modules.get("paddle.base"), sys.modules.get(_LIBRARY)
    if base is not None and library is not None:
        # After a failed short import, the library is loaded but missing in its package.
        base.libpaddle = library  # type: ignore[attr-defined]
