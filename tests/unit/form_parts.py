"""Forms as browsers send them (HTML, multipart/form-data encoding)."""

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
FORM_TYPE = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def head(name: str, filename: str | None = None) -> str:
    """Return what stands before the content of a part."""
    escaped = name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
    file = "" if filename is None else f'; filename="{filename}"\r\nContent-Type: text/plain'
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{escaped}"{file}\r\n\r\n'


def part(name: str, content: str, filename: str | None = None) -> bytes:
    """Return one part."""
    return f"{head(name, filename)}{content}\r\n".encode()


def multipart(**fields: str | list[str]) -> bytes:
    """Return a whole body: each field once, or once for each of its values."""
    each = [(name, one) for name, value in fields.items() for one in ([value] if isinstance(value, str) else value)]
    return b"".join(part(name, one) for name, one in each) + f"--{BOUNDARY}--\r\n".encode()
