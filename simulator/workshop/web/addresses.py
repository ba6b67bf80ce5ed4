"""Where the workshop can be reached, and what stands in the way, in plain words before anything starts.

The addresses of the local network are asked of the operating system without sending anything. They may change while a
workshop runs (a hotspot is switched on), so they are asked for again and again.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import shutil
import socket
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from simulator.errors import SimulatorError

__all__ = ["bound", "lan_addresses", "room_on_disk"]

MOST_PORTS = 20  # tried one after the other where no port was asked for
LEAST_DISK = 50 * 1024 * 1024
SIOCGIFADDR = 0x8915
# Somewhere far off for the ordinary network; then within the networks that hotspots of laptops and phones make, where
# nothing leads far off: Windows, NetworkManager, macOS, Android, iPhone.
TARGETS = ("8.8.8.8", "192.168.137.2", "10.42.0.2", "192.168.2.2", "192.168.43.2", "192.168.49.2", "172.20.10.2")


def lan_addresses() -> list[str]:
    """This machine's addresses in local networks, the most likely one first.

    Addresses that a machine gives itself when no network answers (169.254...) come last.
    """
    found = [*_towards(TARGETS), *_of_interfaces()]
    if not found:
        with contextlib.suppress(OSError):
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    usable = [one for one in dict.fromkeys(found) if not ipaddress.ip_address(one).is_loopback and one != "0.0.0.0"]
    return sorted(usable, key=lambda one: ipaddress.ip_address(one).is_link_local)


def _towards(targets: Iterable[str]) -> list[str]:
    """Own addresses from which targets would be reached. Connecting a UDP socket sends nothing, it only looks."""
    found = []
    for target in targets:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            found.append(str(probe.getsockname()[0]))
    return found


def _of_interfaces() -> list[str]:
    """The addresses of all interfaces where the system can be asked for them one by one (Linux)."""
    if not sys.platform.startswith("linux"):
        return []
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # an interface without an address
                answer = fcntl.ioctl(asking.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                found.append(socket.inet_ntoa(answer[20:24]))
    return found


def bound(address: str, port: int, *, search: bool) -> socket.socket:
    """A listening socket.

    Parameters
    ----------
    address : str
        127.0.0.1 or 0.0.0.0.
    port : int
        Port; 0 lets the system choose one.
    search : bool
        Try the next ports where this one is taken.

    Raises
    ------
    SimulatorError
        In plain words: the port is taken, reserved, or the address is not this machine's.
    """
    last = port + (MOST_PORTS if search else 1)
    for number in range(port, last):
        # The protocol has to be named: only then does asyncio send what is ready at once (TCP_NODELAY) instead of
        # holding back the end of each page for 40 ms.
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where reuse would let two programs share the port
                one.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((address, number))
            one.listen(1024)
        except OSError as error:
            one.close()
            if error.errno == errno.EADDRINUSE and number + 1 < last:
                continue
            raise SimulatorError(_plainly(error, address, port, last - 1)) from None
        except OverflowError:
            one.close()
            raise SimulatorError(f"there is no port {number}; ports go from 1 to 65535") from None
        return one
    raise SimulatorError(_plainly(OSError(errno.EADDRINUSE, ""), address, port, last - 1))


def _plainly(error: OSError, address: str, first: int, last: int) -> str:
    if error.errno == errno.EADDRINUSE:
        ports = f"port {first} is" if first == last else f"ports {first} to {last} are"
        return (
            f"{ports} taken by another program, perhaps a workshop that is still running; "
            "stop that one, or take another port with --port NUMBER"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"this machine lets only administrators use port {first}; take one above 1024 with --port NUMBER"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{address} is not an address of this machine"
    return f"cannot listen on {address}, port {first}: {error.strerror}"


def room_on_disk(folder: Path) -> None:
    """Make sure that the disk has room for a workshop.

    Raises
    ------
    SimulatorError
        When less than 50 MB are free.
    """
    free = shutil.disk_usage(folder).free
    if free < LEAST_DISK:
        raise SimulatorError(
            f"the disk of {str(folder)!r} has only {free // 1024**2} MB left; a workshop wants at least 50 MB. "
            "Make room, or take another folder with --data DIR"
        )
