"""Records of the material registry as items of its table, and back.

`body` is the canonical JSON of the record; every other attribute repeats a piece of it for a key or a condition. Reading
compares the whole item with what writing it again would give, so that nothing that was touched is ever used.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adsieve.domain.audit import AuditEntry, Batch, Change, Event
from adsieve.domain.canonical import canonical
from adsieve.domain.errors import DamagedRecordError
from adsieve.domain.registered import Registered, Version
from adsieve.material_ports import Record

type Item = dict[str, Any]


def puts(change: Change) -> Iterator[Item]:
    """The items of one change, each with the condition that makes it safe."""
    new = {"ConditionExpression": "attribute_not_exists(pk)"}
    yield {"Item": _head_item(change.head)} | (_unchanged(change.expected, change.entry) if change.expected else new)
    yield {"Item": entry_item(change.entry)} | new
    if change.version:
        yield {"Item": _version_item(change.entry.material_id, change.version)} | new


def _unchanged(expected: Registered, entry: AuditEntry) -> Item:
    """The head is still the one that was read; whoever approves is none of its authors."""
    condition = "version = :version AND entries = :entries AND #last = :last"
    values: Item = {
        ":version": {"N": str(expected.version)},
        ":entries": {"N": str(expected.entries)},
        ":last": {"S": expected.last},
    }
    if entry.event is Event.APPROVED:
        condition += " AND NOT contains(authors, :by)"
        values[":by"] = {"S": entry.by}
    return {
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#last": "last"},
        "ExpressionAttributeValues": values,
    }


def _head_item(head: Registered) -> Item:
    """The item of a head; the attributes beside the body serve conditions and indexes."""
    concept = {"concept": {"S": head.material.concept}} if head.material.concept else {}
    return concept | {
        "pk": {"S": key_of(head.material.id)},
        "sk": {"S": "META"},
        "body": {"S": canonical(head.to_dict())},
        "version": {"N": str(head.version)},
        "entries": {"N": str(head.entries)},
        "last": {"S": head.last},
        "authors": {"SS": sorted(head.authors)},
        "in_state": {"S": str(head.material.state)},
    }


def _version_item(material_id: str, version: Version) -> Item:
    sk = f"V#{version.number:06}"
    return {"pk": {"S": key_of(material_id)}, "sk": {"S": sk}, "body": {"S": canonical(version.to_dict())}}


def entry_item(entry: AuditEntry) -> Item:
    """The item of an audit entry."""
    sk = f"T#{entry.number:06}"
    return {"pk": {"S": key_of(entry.material_id)}, "sk": {"S": sk}, "body": {"S": canonical(entry.to_dict())}}


def batch_item(batch: Batch) -> Item:
    """The item of a note about an import."""
    return {"pk": {"S": "BATCH"}, "sk": {"S": batch.id}, "body": {"S": canonical(batch.to_dict())}}


def key_of(material_id: str) -> str:
    """The partition of a material."""
    return f"MAT#{material_id}"


def read_head(item: Item) -> Registered:
    """The head in an item; raises DamagedRecordError."""
    head = _parse(item, Registered.from_dict)
    return _sound(item, head, _head_item(head))


def read_version(material_id: str, item: Item) -> Version:
    """The version in an item; raises DamagedRecordError."""
    version = _parse(item, Version.from_dict)
    return _sound(item, version, _version_item(material_id, version))


def read_entry(item: Item) -> AuditEntry:
    """The audit entry in an item; raises DamagedRecordError."""
    entry = _parse(item, AuditEntry.from_dict)
    return _sound(item, entry, entry_item(entry))


def read_batch(item: Item) -> Batch:
    """The note about an import; raises DamagedRecordError."""
    batch = _parse(item, Batch.from_dict)
    return _sound(item, batch, batch_item(batch))


def read_record(material_id: str, items: Sequence[Item]) -> Record:
    """What of a material's items is sound, and what is not."""
    heads: list[Registered] = []
    versions: list[Version] = []
    trail: list[AuditEntry] = []
    damage: list[str] = []
    for item in items:
        try:
            match str(item["sk"]["S"]).partition("#")[0]:
                case "META":
                    heads.append(read_head(item))
                case "V":
                    versions.append(read_version(material_id, item))
                case "T":
                    trail.append(read_entry(item))
                case _:
                    damage.append(f"{_place(item)}: is no record of the registry")
        except DamagedRecordError as error:
            damage.append(str(error))
    return Record(material_id, heads[0] if heads else None, tuple(versions), tuple(trail), tuple(damage))


def _parse[T](item: Item, read: Callable[[Mapping[str, Any]], T]) -> T:
    try:
        return read(json.loads(item["body"]["S"]))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DamagedRecordError(_place(item), f"cannot be read: {error!r}") from None


def _sound[T](item: Item, record: T, wanted: Item) -> T:
    """The record, where the item is exactly what writing it again would give."""
    told = {name: {"SS": sorted(value["SS"])} if "SS" in value else value for name, value in item.items()}
    if told != wanted:
        names = sorted(name for name in told.keys() | wanted.keys() if told.get(name) != wanted.get(name))
        raise DamagedRecordError(_place(item), f"`{'`, `'.join(names)}` is not as written")
    return record


def _place(item: Item) -> str:
    return f"{item['pk']['S']} {item['sk']['S']}"
