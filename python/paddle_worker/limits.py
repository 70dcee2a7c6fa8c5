"""The limits of this process that memory may run into."""

from __future__ import annotations

import errno
import resource

__all__ = ["limit_behind"]

_LIMITS = {
    errno.EFBIG: (resource.RLIMIT_FSIZE, "ulimit -f"),
    errno.ENOMEM: (resource.RLIMIT_AS, "ulimit -v"),
}


def limit_behind(error: OSError) -> str:
    """The system's reason, and the limit that stands behind it, if one does: `File too large; ulimit -f is 1024 KiB`."""
    reason = error.strerror or str(error)
    if error.errno not in _LIMITS:
        return reason
    which, option = _LIMITS[error.errno]
    soft, _ = resource.getrlimit(which)
    return reason if soft == resource.RLIM_INFINITY else f"{reason}; {option} is {soft // 1024} KiB"
