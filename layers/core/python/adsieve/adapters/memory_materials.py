"""The material registry and its samples in memory, under the same rules as the table."""

from collections.abc import Iterable, Iterator, Sequence

from adsieve.domain.audit import AuditEntry, Batch, Change, Event
from adsieve.domain.decision import State
from adsieve.domain.errors import ConflictError, TransitionError
from adsieve.domain.registered import Registered, Version
from adsieve.domain.samples import check_sample
from adsieve.material_ports import MOST_CHANGES, Record


class MemoryMaterialRegistry:
    """See `MaterialRegistry`."""

    def __init__(self) -> None:
        self._heads: dict[str, Registered] = {}
        self._versions: dict[str, list[Version]] = {}
        self._trails: dict[str, list[AuditEntry]] = {}
        self._batches: dict[str, Batch] = {}

    def __len__(self) -> int:
        return len(self._heads)

    def __contains__(self, material_id: str) -> bool:
        return material_id in self._heads

    def get(self, material_id: str) -> Registered | None:
        """See `MaterialRegistry.get`."""
        return self._heads.get(material_id)

    def get_many(self, material_ids: Iterable[str]) -> dict[str, Registered]:
        """See `MaterialRegistry.get_many`."""
        return {wanted: self._heads[wanted] for wanted in material_ids if wanted in self._heads}

    def records(self) -> Iterator[Record]:
        """See `MaterialRegistry.records`."""
        for known, head in sorted(self._heads.items()):
            yield Record(known, head, tuple(self._versions[known]), tuple(self._trails[known]))

    def in_state(self, state: State) -> Iterator[Registered]:
        """See `MaterialRegistry.in_state`."""
        return (head for _, head in sorted(self._heads.items()) if head.material.state is state)

    def of_concept(self, concept: str) -> Iterator[Registered]:
        """See `MaterialRegistry.of_concept`."""
        return (head for _, head in sorted(self._heads.items()) if concept and head.material.concept == concept)

    def append(self, changes: Sequence[Change]) -> None:
        """See `MaterialRegistry.append`."""
        if len(changes) > MOST_CHANGES:
            raise ValueError(f"{len(changes)} changes at once, at most {MOST_CHANGES}")
        if all(self._written(change) for change in changes):
            return
        for change in changes:
            self._check(change)
        for change in changes:
            material_id = change.head.material.id
            self._heads[material_id] = change.head
            self._trails.setdefault(material_id, []).append(change.entry)
            if change.version:
                self._versions.setdefault(material_id, []).append(change.version)

    def versions(self, material_id: str) -> Iterator[Version]:
        """See `MaterialRegistry.versions`."""
        return iter(self._versions.get(material_id, []))

    def trail(self, material_id: str) -> Iterator[AuditEntry]:
        """See `MaterialRegistry.trail`."""
        return iter(self._trails.get(material_id, []))

    def note(self, batch: Batch) -> None:
        """See `MaterialRegistry.note`."""
        self._batches[batch.id] = batch

    def batches(self) -> Iterator[Batch]:
        """See `MaterialRegistry.batches`."""
        return iter(sorted(self._batches.values(), key=lambda batch: batch.at, reverse=True))

    def _written(self, change: Change) -> bool:
        return change.entry in self._trails.get(change.head.material.id, [])

    def _check(self, change: Change) -> None:
        material_id, by = change.head.material.id, change.entry.by
        present = self._heads.get(material_id)
        if present != change.expected:
            raise ConflictError(material_id)
        if present and change.entry.event is Event.APPROVED and by in present.authors:
            raise TransitionError(material_id, "four_eyes", f"{by} wrote it and may not approve it")


class MemorySampleStore:
    """See `SampleStore`."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def put(self, name: str, data: bytes) -> None:
        """See `SampleStore.put`."""
        check_sample(name, data)
        self._kept[name] = data

    def get(self, name: str) -> bytes | None:
        """See `SampleStore.get`."""
        return self._kept.get(name)

    def has(self, name: str) -> bool:
        """See `SampleStore.has`."""
        return name in self._kept
