"""Latin."""
from collections.abc import Iterator


def latin_forms(key: str) -> Iterator[str]:
    """Placeholder."""
    return iter(())
