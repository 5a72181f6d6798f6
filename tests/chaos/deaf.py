"""A peer that only keeps the connection: it shakes hands, answers pings and takes nothing.

A daemon gives templates only while it has a peer. A real one would hold every block that the daemon forgets when it is killed,
and give it back; behind this one such a block exists nowhere but in the pool's journal.
"""
import hashlib
import socket
import struct
import threading

MAGIC = bytes.fromhex("fabfb5da")            # Litecoin's regtest
HEADER = 24
PROTOCOL = 70016


def message(command, payload=b""):
    checksum = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    return MAGIC + command.ljust(12, b"\0") + struct.pack("<I", len(payload)) + checksum + payload


def version_payload(nonce):
    address = bytes(26)
    return struct.pack("<iQq", PROTOCOL, 0, 0) + address + address + struct.pack("<QBi?", nonce, 0, 0, False)


def take(buffer):
    """(command, payload, rest), or None while the buffer holds no whole message."""
    if len(buffer) < HEADER:
        return None
    if buffer[:4] != MAGIC:
        raise ValueError(f"a message begins with {buffer[:4].hex()}, not {MAGIC.hex()}")
    length = struct.unpack_from("<I", buffer, 16)[0]
    if len(buffer) < HEADER + length:
        return None
    return buffer[4:16].rstrip(b"\0"), buffer[HEADER:HEADER + length], buffer[HEADER + length:]


def replies(command, payload):
    if command == b"version":
        return message(b"version", version_payload(1)) + message(b"verack")
    return message(b"pong", payload) if command == b"ping" else b""


class DeafPeer:
    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    @staticmethod
    def _serve(connection):
        buffer = b""
        try:
            with connection:
                while data := connection.recv(1 << 16):
                    buffer += data
                    while whole := take(buffer):
                        command, payload, buffer = whole
                        connection.sendall(replies(command, payload))
        except (OSError, ValueError):
            return

    def close(self):
        self._listener.close()
