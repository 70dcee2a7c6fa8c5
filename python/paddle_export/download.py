"""Download Paddle's own weights, or find them in its cache, without its minutes of retries."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

from .failure import ExportError, reason_of
from .networks import Network
from .reporter import Reporter

__all__ = ["pretrained_weights"]

_TIMEOUT_SECONDS = 10.0
"""For connecting and for each read; Paddle itself has no timeout and tries three times."""


def pretrained_weights(network: Network, reporter: Reporter, leftovers: ExitStack) -> Path:
    """Return the file of the weights that Paddle publishes for `network`, in Paddle's cache folder."""
    from paddle.utils import download as paddle_download
    from paddle.vision import models

    url, md5 = _published(network, sys.modules[getattr(models, network.name).__module__])
    file = Path(paddle_download.WEIGHTS_HOME) / url.rpartition("/")[2]
    if not file.is_file() or _md5_of(file) != md5:
        try:
            _download(url, md5, file, reporter, leftovers)
        except Exception as error:
            raise ExportError(
                "EXPORT_DOWNLOAD_FAILED",
                f"The weights of {network.name} could not be downloaded from {url}: {reason_of(error)}.\n"
                "Check the network and its proxy (HTTPS_PROXY), or download the file elsewhere and pass it: "
                f"--pretrained {file.name}",
            ) from error
    return file


class _PublishedError(Exception):
    """Carries the URL out of Paddle's factory, before it starts its own download."""


def _published(network: Network, module: ModuleType) -> tuple[str, str]:
    """Return the URL and MD5 of the weights, which only appear in a call inside the wheel's factory."""

    def instead(url: str, md5: str) -> str:
        raise _PublishedError(url, md5)

    names = vars(module)
    original = names.get("get_weights_path_from_url")
    try:
        names["get_weights_path_from_url"] = instead
        names[network.name](pretrained=True)
    except _PublishedError as found:
        return found.args[0], found.args[1]
    except (AssertionError, TypeError):
        pass
    finally:
        names["get_weights_path_from_url"] = original
    raise ExportError(
        "EXPORT_DOWNLOAD_FAILED",
        f"Paddle publishes no weights for {network.name}.\n"
        "Use a file of your own: --pretrained FILE.pdparams",
    )


def _download(url: str, md5: str, file: Path, reporter: Reporter, leftovers: ExitStack) -> None:
    import httpx

    step = f"Downloading {file.name}"
    reporter.progress(step)
    with httpx.stream("GET", url, timeout=_TIMEOUT_SECONDS, follow_redirects=True) as response:
        response.raise_for_status()
        total = int(response.headers.get("content-length", 0))
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".part", dir=file.parent)
        leftovers.callback(_remove, part)
        with os.fdopen(descriptor, "wb") as output:
            for chunk in response.iter_bytes(1 << 20):
                output.write(chunk)
                if total:
                    reporter.progress(step, output.tell(), total)
    if _md5_of(Path(part)) != md5:
        raise ValueError("the downloaded file is not the published one (its MD5 differs)")
    Path(part).replace(file)


def _remove(part: str) -> None:
    with contextlib.suppress(OSError):
        Path(part).unlink()


def _md5_of(file: Path) -> str:
    digest = hashlib.md5()
    with file.open("rb") as content:
        for block in iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
