"""Prints the methods of `paddle.inference.Config` in this wheel, as `{"paddle": VERSION, "methods": {PATH: SIGNATURE}}`.

A method of an object that another method returns has its path: `pass_builder.append_pass`.
"""

from __future__ import annotations

import json
from typing import Any


def main() -> None:
    import paddle
    from paddle import inference

    config = inference.Config()
    if hasattr(config, "enable_quantizer"):
        config.enable_quantizer()
    methods = methods_of(inference.Config)
    for through in ("pass_builder", "dist_config", "nnadapter", "quantizer_config"):
        if hasattr(config, through):
            methods.update(methods_of(type(getattr(config, through)()), f"{through}."))
    methods.update(methods_of(inference.InternalUtils, "InternalUtils."))
    print(json.dumps({"paddle": paddle.version.full_version, "methods": methods}))


def methods_of(owner: Any, path: str = "") -> dict[str, str]:
    """The public methods with their signatures, as pybind11 writes them, without the members of nested enums."""
    members = {name: getattr(owner, name) for name in sorted(dir(owner))}
    return {
        path + name: (member.__doc__ or "").split("\n", 1)[0].replace("paddle.base.libpaddle.", "")
        for name, member in members.items()
        if name[0].islower() and callable(member)
    }


if __name__ == "__main__":
    main()
