"""What happens without anybody asking: expiry on time, packages that follow the registry, the breaker."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adsieve.domain.errors import ConflictError, InvalidMessageError, PackageError
from adsieve.domain.pointer import Pointer
from adsieve.service.desk import Desk
from adsieve.service.publish import Published, Publisher, Trial


@dataclass(frozen=True, slots=True)
class Publication:
    """The steps of a publication that nobody stands beside, as a state machine calls them.

    Attributes:
        desk: of the system, which expires and pauses.
        publisher: of the system.
        trial: what a package is tried on; read only when one is built.
    """

    desk: Desk
    publisher: Publisher
    trial: Callable[[], Trial]

    def run(self, task: str, sha256: str = "") -> dict[str, Any]:
        """Do a step by its name; see the steps."""
        match task:
            case "sweep":
                return self.sweep()
            case "build":
                return self.build()
            case "release":
                return self.release(sha256)
        raise InvalidMessageError(f"no step of a publication: `{task}`")

    def sweep(self) -> dict[str, Any]:
        """Expire and pause what is overdue."""
        return {"swept": [f"{change.head.material.id} {change.head.material.state}" for change in self.desk.sweep()]}

    def build(self) -> dict[str, Any]:
        """Build and try what is live, and name it; `sha256` is None where there is nothing to put in force, and `why`.

        Raises:
            PackageError: a step refused it.
        """
        if why := held(self.publisher.pointer()[0]):
            return {"sha256": None, "why": why}
        done = self._publish(trial=self.trial(), dry=True)
        if done.release is None:
            return {"sha256": None, "why": "nothing differs from the package in force"}
        told = {"sha256": done.release.sha256, "version": done.release.version, "materials": done.materials}
        return told | {"delta": done.delta, "comparison": str(done.comparison) if done.comparison else None}

    def release(self, sha256: str) -> dict[str, Any]:
        """Put in force what was built: it is built again, and must come out as the same bytes.

        Raises:
            ConflictError: the registry or the package in force has changed since: build again.
        """
        done = self._publish(expected=sha256)
        if done.release is None or done.release.sha256 != sha256:
            raise ConflictError(f"package {sha256}")
        return {"sha256": sha256, "version": done.release.version, "generation": done.pointer.generation}

    def _publish(self, **how: Any) -> Published:
        with TemporaryDirectory(prefix="adsieve-current-") as folder:
            current = self.publisher.current(Path(folder))
            if current is None:
                raise PackageError("not_found", "nothing is published")
            return self.publisher.publish(self.desk.registry, current.matrix, "as the registry stands", **how)


def held(pointer: Pointer) -> str:
    """Why packages do not follow the registry by themselves; empty where they do."""
    if pointer.release is None:
        return "a person publishes the first package"
    if pointer.rolled_back:
        return f"rolled back to {pointer.release.version}: a person publishes the next package"
    return ""
