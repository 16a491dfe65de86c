"""The one way in which values are written down, so that a digest names them."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any


def canonical(told: Any) -> str:
    """The one JSON text of a value: keys sorted, no spaces, Unicode as it is."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(told: Any) -> str:
    """SHA-256 of the canonical JSON."""
    return sha256(canonical(told).encode()).hexdigest()


def iso(moment: datetime) -> str:
    """A moment as it is stored: UTC, microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
