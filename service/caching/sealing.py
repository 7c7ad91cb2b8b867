"""What is kept bears a seal, so that what has changed meanwhile, or stands under another's name, is not taken for an answer."""

import hashlib

_SEAL_BYTES = hashlib.sha256().digest_size


def sealed(name: str, data: bytes) -> bytes:
    """Return `data` as it is kept under `name`."""
    return _seal(name, data) + data


def opened(name: str, kept: bytes | None) -> bytes | None:
    """Return what was sealed under `name`; None if this is not it."""
    if kept is None:
        return None
    seal, data = kept[:_SEAL_BYTES], kept[_SEAL_BYTES:]
    return data if seal == _seal(name, data) else None


def _seal(name: str, data: bytes) -> bytes:
    return hashlib.sha256(name.encode() + data).digest()  # all names are of one length
