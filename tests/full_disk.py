"""A disk with so much room and no more, for a process of its own."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

_NEW_MOUNTS, _NEW_USER, _PRIVATE = 0x00020000, 0x10000000, (1 << 14) | (1 << 18)
_FILLER = "filler"


class SmallDisk:
    """A disk under a folder that only this process sees; where the system lets nobody have one, the size of each of
    its files is limited instead.

    Parameters
    ----------
    folder : Path
        Empty.
    size : int
        Bytes.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.is_own = _own_mounts() and _mounted(folder, size)

    def leave(self, room: int) -> None:
        """Fill the disk but for some bytes."""
        if not self.is_own:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            largest = max((file.stat().st_size for file in self.folder.rglob("*") if file.is_file()), default=0)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, resource.RLIM_INFINITY))
            return
        free = os.statvfs(self.folder).f_bavail * os.statvfs(self.folder).f_frsize
        with (self.folder / _FILLER).open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free - room))

    def clear(self) -> None:
        """Make room again."""
        if self.is_own:
            (self.folder / _FILLER).unlink()
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _own_mounts() -> bool:
    """Whether this process, of one thread, has now a view of the disks that is its own."""
    system = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if user == 0:
        alone = system.unshare(_NEW_MOUNTS) == 0
    elif alone := system.unshare(_NEW_USER | _NEW_MOUNTS) == 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    return bool(alone and system.mount(None, b"/", None, ctypes.c_ulong(_PRIVATE), None) == 0)


def _mounted(folder: Path, size: int) -> bool:
    system = ctypes.CDLL(None, use_errno=True)
    told = f"size={size}".encode()
    return bool(system.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(0), told) == 0)
