"""Open Sound Control in: any address, one number or several. A fader at ``/fader/1`` is the signal ``osc./fader/1``.

One UDP socket of our own, drained at every poll, the newest value of each address wins. It listens to this machine
alone unless the show asks for more, and then only to the networks it names. No file path and no command arrives here.
"""

from __future__ import annotations

import ipaddress
import select
import socket
from collections.abc import Mapping
from typing import Any, ClassVar

from installation.errors import InstallationError, SourceError
from installation.library import Library
from installation.params import Param
from installation.sources import osc_packets
from installation.sources.base import Batch, Place, Source
from installation.types import Channel

BUFFER = 4 << 20  # bytes the system keeps for us: a burst of 50,000 messages while the loop holds the interpreter
WAIT = 0.25  # seconds a poll waits for the first datagram
MOST_AT_ONCE = 1024  # datagrams a poll; under a flood the newest values still go out many times a frame

FOR_EVER = float("inf")  # a fader stays where it was left

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Osc(Source):
    """Numbers sent over the network: every address arrives as a signal, osc./address."""

    params = (
        Param("port", "int", 9000, 1, 65535, help="UDP port to listen to"),
        Param("host", "text", "127.0.0.1", help="address to listen at; 0.0.0.0 for every network of this machine"),
        Param("allow", "text", "", help="networks that may send: 192.168.1.0/24, 10.0.0.7; needed with another host"),
    )
    patience: ClassVar[float] = FOR_EVER  # nobody touching anything is no fault

    def __init__(self, options: Mapping[str, Any], place: Place) -> None:
        super().__init__(options, place)
        self._allow = allowed(options)
        self._socket: socket.socket | None = None
        self._counts = osc_packets.Counts()
        self._told = -1  # the count of refused messages last sent

    @classmethod
    def channels(cls, options: Mapping[str, Any], library: Library) -> tuple[Channel, ...]:
        allowed(options)
        return (
            Channel("/*", help="what arrives at an OSC address: a number, or several", stale_after=FOR_EVER),
            Channel("refused", high=1e6, help="messages refused so far", stale_after=FOR_EVER),
        )

    def open(self) -> None:
        host, port = self.options["host"], self.options["port"]
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            self._socket.setblocking(False)
            self._socket.bind((host, port))
        except OSError as error:
            self.close()
            raise SourceError(
                f"cannot listen to UDP port {port} at {host}: {error.strerror or error}",
                "another program listens there? choose another port",
            ) from error

    def poll(self) -> Batch | None:
        assert self._socket is not None
        if select.select([self._socket], [], [], WAIT)[0]:
            return self._drained(self._socket)
        return None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _drained(self, port: socket.socket) -> Batch | None:
        values: dict[str, Any] = {}
        for _ in range(MOST_AT_ONCE):
            try:
                datagram, sender = port.recvfrom(osc_packets.LARGEST + 1)
            except BlockingIOError:
                break
            if self._welcome(sender[0]):
                values.update(osc_packets.read(datagram, self._counts))
            else:
                self._counts.refused += 1
        if self._counts.refused != self._told:
            self._told = self._counts.refused
            values["refused"] = self._told
        return Batch(values, self.place.now()) if values else None

    def _welcome(self, sender: str) -> bool:
        if not self._allow:
            return True
        address = ipaddress.ip_address(sender.partition("%")[0])
        return address.is_loopback or any(address in network for network in self._allow)


def allowed(options: Mapping[str, Any]) -> tuple[Network, ...]:
    """The networks that may send; none is named where only this machine can. Raises InstallationError."""
    networks: list[Network] = []
    for text in str(options["allow"]).replace(",", " ").split():
        try:
            networks.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            raise InstallationError(f"allow: '{text}' is not a network", "write 192.168.1.0/24 or 10.0.0.7") from None
    if not networks and not _loopback(options["host"]):
        raise InstallationError(
            f"host: {options['host']} lets a whole network in: say who may send", "allow: 192.168.1.0/24"
        )
    return tuple(networks)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
