"""One class of tests a port: the material registry and its samples, in memory and on AWS (moto)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
from adsieve.adapters.memory_materials import MemoryMaterialRegistry, MemorySampleStore
from adsieve.adapters.s3_samples import S3SampleStore
from adsieve.domain.audit import Batch, Change
from adsieve.domain.decision import State
from adsieve.domain.errors import ConflictError, DamagedRecordError, TransitionError, UnavailableError
from adsieve.domain.guards import Evidence
from adsieve.domain.lifecycle import add, approve, edit, move
from adsieve.domain.samples import sample_name
from adsieve.material_ports import MOST_CHANGES, MaterialRegistry, Record, SampleStore
from tests.builders import NOON, a_material
from tests.component.template_resources import create_resources

LATER = NOON + timedelta(days=2)
TESTED = Evidence(gates="g1")
EXAMPLES = {"examples_hit": ("casino a", "casino b"), "examples_miss": ("c", "d")}


def added(material_id: str = "T-1", **fields: object) -> Change:
    return add(a_material(id=material_id, **(EXAMPLES | fields)), "amal", NOON, "a case")


def shadowed(registry: MaterialRegistry) -> Change:
    first = added()
    registry.append([first])
    second = move(first.head, State.SHADOW, "amal", NOON, "tests are green", evidence=TESTED)
    registry.append([second])
    return second


class MaterialRegistryContract:
    def test_nothing_is_known_of_an_unknown_material(self, registry: MaterialRegistry) -> None:
        assert registry.get("T-1") is None
        assert registry.get_many(["T-1"]) == {}
        assert [*registry.records(), *registry.versions("T-1"), *registry.trail("T-1")] == []

    def test_head_version_and_entry_read_back_as_written(self, registry: MaterialRegistry) -> None:
        change = added(value="الكازينو 🎰", note="=1+1\n\t", markets=("SA", "GCC"))
        registry.append([change])
        assert registry.get("T-1") == change.head
        assert list(registry.versions("T-1")) == [change.version]
        assert list(registry.trail("T-1")) == [change.entry]
        assert change.version
        assert list(registry.records()) == [Record("T-1", change.head, (change.version,), (change.entry,))]

    def test_a_step_adds_an_entry_and_no_version_an_edit_adds_both(self, registry: MaterialRegistry) -> None:
        second = shadowed(registry)
        third = edit(second.head, replace(second.head.material, value="kasino"), "badr", NOON, "spelling")
        registry.append([third])
        assert registry.get("T-1") == third.head
        assert [version.number for version in registry.versions("T-1")] == [1, 2]
        assert [entry.number for entry in registry.trail("T-1")] == [1, 2, 3]

    def test_the_same_change_twice_is_once_even_after_another(self, registry: MaterialRegistry) -> None:
        first = added()
        registry.append([first])
        registry.append([first])
        registry.append([move(first.head, State.SHADOW, "amal", NOON, "green", evidence=TESTED)])
        registry.append([first])
        assert len(list(registry.trail("T-1"))) == 2

    def test_of_two_changes_on_the_same_head_one_wins(self, registry: MaterialRegistry) -> None:
        head = shadowed(registry).head
        registry.append([move(head, State.PAUSED, "amal", NOON, "too many hits")])
        with pytest.raises(ConflictError):
            registry.append([move(head, State.RETIRED, "badr", NOON, "useless")])
        with pytest.raises(ConflictError):
            registry.append([add(a_material(value="another"), "badr", NOON, "the same id")])
        assert len(list(registry.trail("T-1"))) == 3

    def test_changes_are_written_together_or_not_at_all(self, registry: MaterialRegistry) -> None:
        head = shadowed(registry).head
        stale = move(head, State.PAUSED, "amal", NOON, "too many hits")
        registry.append([move(head, State.RETIRED, "amal", NOON, "useless")])
        with pytest.raises(ConflictError) as refused:
            registry.append([added("T-2"), stale])
        assert refused.value.material_id == "T-1"
        assert registry.get("T-2") is None
        assert not list(registry.trail("T-2"))

    def test_the_store_itself_refuses_an_approval_by_an_author(self, registry: MaterialRegistry) -> None:
        """As a caller that skips the state machine would write it."""
        head = shadowed(registry).head
        honest = approve(head, State.CANARY, "badr", NOON, "looks right")
        forged = replace(honest, entry=replace(honest.entry, by="amal"))
        with pytest.raises(TransitionError) as refused:
            registry.append([forged])
        assert refused.value.guard == "four_eyes"
        assert registry.get("T-1") == head
        registry.append([honest])
        assert registry.get("T-1") == honest.head

    def test_an_approval_of_an_older_version_is_refused(self, registry: MaterialRegistry) -> None:
        head = shadowed(registry).head
        approval = approve(head, State.CANARY, "badr", NOON, "looks right")
        registry.append([edit(head, replace(head.material, note="n"), "amal", NOON, "note")])
        with pytest.raises(ConflictError):
            registry.append([approval])

    def test_heads_are_found_by_state_and_by_concept(self, registry: MaterialRegistry) -> None:
        arabic, english = added("T-ar", concept="casino", language="ar"), added("T-en", concept="casino")
        registry.append([arabic, english, added("T-x")])
        registry.append([move(arabic.head, State.SHADOW, "amal", NOON, "green", evidence=TESTED)])
        assert [head.material.id for head in registry.in_state(State.DRAFT)] == ["T-en", "T-x"]
        assert [head.material.id for head in registry.in_state(State.SHADOW)] == ["T-ar"]
        assert [head.material.id for head in registry.of_concept("casino")] == ["T-ar", "T-en"]
        assert list(registry.of_concept("")) == []
        assert [record.material_id for record in registry.records()] == ["T-ar", "T-en", "T-x"]

    def test_a_full_batch_is_written_and_a_fuller_one_refused(self, registry: MaterialRegistry) -> None:
        changes = [added(f"T-{number:03}") for number in range(MOST_CHANGES + 1)]
        with pytest.raises(ValueError, match="at most"):
            registry.append(changes)
        registry.append(changes[:-1])
        assert len(registry.get_many(f"T-{number:03}" for number in range(MOST_CHANGES + 1))) == MOST_CHANGES

    def test_more_than_a_hundred_heads_are_read_at_once(self, registry: MaterialRegistry) -> None:
        for start in range(0, 120, 30):
            registry.append([added(f"T-{number:03}") for number in range(start, start + 30)])
        assert len(registry.get_many(f"T-{number:03}" for number in range(120))) == 120

    def test_a_batch_is_noted_done_and_listed_newest_first(self, registry: MaterialRegistry) -> None:
        old = Batch("b-1", "old.csv", "amal", NOON, 3)
        new = Batch("b-2", "new.csv", "amal", LATER, 1)
        registry.note(old)
        registry.note(new)
        registry.note(replace(old, done=LATER))
        assert list(registry.batches()) == [new, replace(old, done=LATER)]


class TestMemoryMaterialRegistry(MaterialRegistryContract):
    @pytest.fixture
    def registry(self) -> MaterialRegistry:
        return MemoryMaterialRegistry()


class Busy:
    """A client whose transactions collide with others a few times."""

    def __init__(self, client: Any, refusals: int) -> None:
        self._client, self._refusals = client, refusals

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        if self._refusals:
            self._refusals -= 1
            reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
            told: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(told, "TransactWriteItems")
        return self._client.transact_write_items(**request)


class TestDynamoMaterialRegistry(MaterialRegistryContract):
    @pytest.fixture
    def registry(self) -> Iterator[MaterialRegistry]:
        with mock_aws():
            names = create_resources("MaterialsTable")
            yield DynamoMaterialRegistry(boto3.client("dynamodb"), names["MaterialsTable"])

    def test_a_table_that_does_not_answer_is_unavailable(self) -> None:
        with mock_aws():
            registry = DynamoMaterialRegistry(boto3.client("dynamodb"), "nowhere")
            with pytest.raises(UnavailableError):
                registry.get("T-1")
            with pytest.raises(UnavailableError):
                registry.append([added()])
            with pytest.raises(UnavailableError):
                list(registry.in_state(State.ACTIVE))

    @pytest.mark.parametrize(("refusals", "written"), [(2, True), (99, False)])
    def test_a_busy_table_is_asked_again_and_then_given_up(
        self, registry: DynamoMaterialRegistry, monkeypatch: pytest.MonkeyPatch, refusals: int, written: bool
    ) -> None:
        monkeypatch.setattr("time.sleep", lambda _: None)
        busy: Any = Busy(registry.client, refusals)
        slow = replace(registry, client=busy)
        if written:
            slow.append([added()])
        else:
            with pytest.raises(UnavailableError, match="try again"):
                slow.append([added()])
        assert (registry.get("T-1") is not None) is written

    @pytest.mark.parametrize(
        ("sk", "attribute", "value"),
        [
            ("META", "in_state", {"S": "ACTIVE"}),
            ("META", "authors", {"SS": ["nobody"]}),
            ("META", "body", {"S": "{}"}),
            ("META", "body", {"S": "no json"}),
            ("T#000001", "body", {"S": "[]"}),
            ("V#000001", "extra", {"S": "x"}),
        ],
    )
    def test_a_record_that_somebody_touched_is_not_used(
        self, registry: DynamoMaterialRegistry, sk: str, attribute: str, value: dict[str, object]
    ) -> None:
        registry.append([added()])
        registry.client.update_item(
            TableName=registry.table,
            Key={"pk": {"S": "MAT#T-1"}, "sk": {"S": sk}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": attribute},
            ExpressionAttributeValues={":value": value},
        )
        with pytest.raises(DamagedRecordError, match=sk):
            [registry.get("T-1"), *registry.versions("T-1"), *registry.trail("T-1")]


class SampleStoreContract:
    def test_what_is_kept_reads_back(self, samples: SampleStore) -> None:
        name = sample_name("Casino.JPG", b"picture")
        assert name.endswith(".jpg")
        samples.put(name, b"picture")
        samples.put(name, b"picture")
        assert samples.get(name) == b"picture"
        assert samples.has(name)
        assert samples.get(sample_name("a", b"other")) is None
        assert not samples.has(sample_name("a", b"other"))

    def test_a_name_that_does_not_tell_the_bytes_is_refused(self, samples: SampleStore) -> None:
        with pytest.raises(DamagedRecordError):
            samples.put(sample_name("a.jpg", b"one"), b"two")
        with pytest.raises(DamagedRecordError):
            samples.put("../a.jpg", b"one")


class TestMemorySampleStore(SampleStoreContract):
    @pytest.fixture
    def samples(self) -> SampleStore:
        return MemorySampleStore()


class TestS3SampleStore(SampleStoreContract):
    @pytest.fixture
    def samples(self) -> Iterator[SampleStore]:
        with mock_aws():
            boto3.client("s3").create_bucket(Bucket="material")
            yield S3SampleStore(boto3.client("s3"), "material")

    def test_bytes_that_somebody_touched_are_not_used(self, samples: S3SampleStore) -> None:
        name = sample_name("a.jpg", b"one")
        samples.client.put_object(Bucket=samples.bucket, Key=f"samples/{name}", Body=b"two")
        with pytest.raises(DamagedRecordError):
            samples.get(name)

    def test_a_bucket_that_does_not_answer_is_unavailable(self) -> None:
        with mock_aws(), pytest.raises(UnavailableError):
            S3SampleStore(boto3.client("s3"), "nowhere").put(sample_name("a", b"x"), b"x")
