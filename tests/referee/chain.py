"""What a job, a share and a block are, in plain hashlib arithmetic (reference stratum-v1.md, section C).

All hashes are held as they are hashed (header order); as numbers they are little-endian 256-bit integers.
"""
import hashlib
import struct
from dataclasses import dataclass
from fractions import Fraction

PDIFF_ONE = 0xFFFF << 208                      # target of difficulty 1 ("pdiff")
MAX_TARGET = (1 << 256) - 1
SCALE = {"sha256d": 1, "scrypt": 65536}        # scrypt difficulties are 65536 times easier (C.7)


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def scrypt(header):
    return hashlib.scrypt(header, salt=header, n=1024, r=1, p=1, dklen=32)


PROOF_OF_WORK = {"sha256d": sha256d, "scrypt": scrypt}


def as_number(digest):
    return int.from_bytes(digest, "little")


def target_of(difficulty, algorithm):
    """Exact: floor(pdiff1 * scale / difficulty), never more than 2^256-1. difficulty: a Fraction or decimal text."""
    return min(PDIFF_ONE * SCALE[algorithm] // Fraction(difficulty), MAX_TARGET)


def with_tolerance(target):
    """Share targets are compared with 65536/65535: some miners count from 2^224 (bdiff)."""
    return min(target * 65536 // 65535, MAX_TARGET)


def difficulty_of(number, algorithm):
    return PDIFF_ONE * SCALE[algorithm] / max(number, 1)


def compact_target(nbits):
    """nbits to a target; negative, zero or overflowing ones give 0, which nothing meets."""
    exponent, mantissa = nbits >> 24, nbits & 0x7FFFFF
    if nbits & 0x800000:
        return 0
    target = mantissa << 8 * (exponent - 3) if exponent >= 3 else mantissa >> 8 * (3 - exponent)
    return target if target <= MAX_TARGET else 0


def swap_words(data):
    """Reverse the bytes of every 4-byte word: notify's prevhash <-> header order (C.1)."""
    return b"".join(data[i:i + 4][::-1] for i in range(0, len(data), 4))


def merkle_root(coinbase, branch):
    root = sha256d(coinbase)
    for sibling in branch:
        root = sha256d(root + sibling)
    return root


def rolled_version(version, bits, mask):
    """BIP 310: the bits inside the mask are the miner's, the others the job's."""
    return version & ~mask & 0xFFFFFFFF | bits & mask


@dataclass(frozen=True)
class Job:
    """The parameters of one mining.notify, decoded."""
    id: str
    previous: bytes            # as on the wire
    coinbase1: bytes
    coinbase2: bytes
    branch: tuple
    version: int
    nbits: int
    ntime: int
    clean: bool

    def work(self):
        """Everything that makes the work what it is: all but the id and the clean flag."""
        return (self.previous, self.coinbase1, self.coinbase2, self.branch, self.version, self.nbits, self.ntime)

    def coinbase(self, extranonce1, extranonce2):
        return self.coinbase1 + extranonce1 + extranonce2 + self.coinbase2

    def header(self, extranonce1, extranonce2, ntime, nonce, version):
        root = merkle_root(self.coinbase(extranonce1, extranonce2), self.branch)
        return (struct.pack("<I", version) + swap_words(self.previous) + root
                + struct.pack("<III", ntime, self.nbits, nonce))

    def block_target(self):
        return compact_target(self.nbits)


class Cursor:
    """Reads a transaction front to back; ValueError where it is too short."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise ValueError("the coinbase ends too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, count):
        return as_number(self.take(count))

    def compact_size(self):
        first = self.number(1)
        return first if first < 0xFD else self.number({0xFD: 2, 0xFE: 4, 0xFF: 8}[first])


def coinbase_height(coinbase):
    """Checks that this is a whole coinbase transaction without witness and returns its BIP 34 height."""
    cursor = Cursor(coinbase)
    cursor.number(4)
    if cursor.compact_size() != 1:
        raise ValueError("the coinbase has not exactly one input (or carries a witness marker)")
    if cursor.take(36) != bytes(32) + b"\xff" * 4:
        raise ValueError("the coinbase spends something")
    script = cursor.take(cursor.compact_size())
    if not 2 <= len(script) <= 100:
        raise ValueError(f"the coinbase script has {len(script)} bytes, not 2 to 100")
    cursor.number(4)
    outputs = cursor.compact_size()
    if outputs < 1:
        raise ValueError("the coinbase pays nobody")
    for _ in range(outputs):
        cursor.number(8)
        cursor.take(cursor.compact_size())
    cursor.number(4)
    if cursor.at != len(coinbase):
        raise ValueError("bytes follow the coinbase's lock time")
    return height_of_script(script)


def height_of_script(script):
    if 0x51 <= script[0] <= 0x60:
        return script[0] - 0x50
    if not 1 <= script[0] <= 5:
        raise ValueError("the coinbase script does not begin with a height")
    height = as_number(script[1:1 + script[0]])
    if bip34_push(height) != script[:1 + script[0]]:
        raise ValueError("the height in the coinbase is not minimally pushed")
    return height


def bip34_push(height):
    if 1 <= height <= 16:
        return bytes([0x50 + height])
    body = height.to_bytes(height.bit_length() // 8 + 1, "little")     # one bit more than needed: the sign
    return bytes([len(body)]) + body
