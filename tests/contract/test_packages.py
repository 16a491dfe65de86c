"""Stores, keys and hit logs of publishing: one class of tests a port, inherited by every implementation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from adsieve.adapters.dynamodb_hits import DynamoHitLog
from adsieve.adapters.keys import FileSigner, NoTrust, PublicKeys, trust
from adsieve.adapters.kms import KmsSigner
from adsieve.adapters.memory_hits import MemoryHitLog
from adsieve.adapters.memory_packages import MemoryPackageStore
from adsieve.adapters.s3_packages import S3PackageStore
from adsieve.domain.errors import ConflictError, InputError, PackageError, UnavailableError
from adsieve.material_ports import PackageStore
from adsieve.ports import Hit, HitLog
from tests.component.template_resources import create_resources

LIMIT = 1_000
NOW = datetime.now(UTC)


class PackageStoreContract:
    def test_there_is_nothing_at_first(self, store: PackageStore) -> None:
        assert store.archive("a" * 64, LIMIT) is None
        assert store.manifest("a" * 64, LIMIT) is None
        assert store.pointer() is None

    def test_a_package_reads_back(self, store: PackageStore) -> None:
        store.put("a" * 64, b"manifest", b"archive")
        store.put("a" * 64, b"manifest", b"archive")
        assert store.manifest("a" * 64, LIMIT) == b"manifest"
        assert store.archive("a" * 64, LIMIT) == b"archive"

    def test_what_is_too_large_is_not_read(self, store: PackageStore) -> None:
        store.put("a" * 64, b"manifest", bytes(LIMIT + 1))
        with pytest.raises(PackageError, match="too_large"):
            store.archive("a" * 64, LIMIT)
        assert store.archive("a" * 64, LIMIT + 1) == bytes(LIMIT + 1)

    def test_the_pointer_is_replaced_by_who_knows_the_present_one(self, store: PackageStore) -> None:
        first = store.point(b"1", None)
        second = store.point(b"2", first)
        stored = store.pointer()
        assert stored is not None
        assert (stored.data, stored.tag) == (b"2", second)
        for stale in (None, first):
            with pytest.raises(ConflictError):
                store.point(b"3", stale)
        assert store.pointer(unless=second) is None
        assert store.pointer(unless=first) == stored


class TestMemoryPackageStore(PackageStoreContract):
    @pytest.fixture
    def store(self) -> PackageStore:
        return MemoryPackageStore()


@pytest.mark.usefixtures("aws")
class TestS3PackageStore(PackageStoreContract):
    @pytest.fixture
    def store(self) -> PackageStore:
        return S3PackageStore(boto3.client("s3"), create_resources("MaterialBucket")["MaterialBucket"])

    def test_a_bucket_that_is_not_there_is_told_as_unavailable(self) -> None:
        with pytest.raises(UnavailableError):
            S3PackageStore(boto3.client("s3"), "nowhere").pointer()

    def test_a_trickle_is_given_up(self) -> None:
        bucket = create_resources("MaterialBucket")["MaterialBucket"]
        times = iter([0.0, 60.0])
        store = S3PackageStore(boto3.client("s3"), bucket, clock=lambda: next(times))
        store.put("a" * 64, b"", bytes(LIMIT))
        with pytest.raises(UnavailableError, match="tried again later"):
            store.archive("a" * 64, LIMIT)


class KeyContract:
    def test_a_signature_is_known_by_the_public_key(self, signer: FileSigner | KmsSigner) -> None:
        PublicKeys.parse(signer.public).verify(b"data", signer.sign(b"data"))

    def test_other_data_another_key_and_another_signature_are_refused(
        self, signer: FileSigner | KmsSigner, tmp_path: Path
    ) -> None:
        keys, signature = PublicKeys.parse(signer.public), signer.sign(b"data")
        other = PublicKeys.parse(FileSigner.create(tmp_path / "other.pem").public)
        for verifier, data, signed in (
            (keys, b"Data", signature),
            (other, b"data", signature),
            (keys, b"data", signature[:-1]),
            (keys, b"data", b""),
        ):
            with pytest.raises(PackageError, match="bad_signature"):
                verifier.verify(data, signed)

    def test_two_keys_are_trusted_while_they_are_rotated(self, signer: FileSigner | KmsSigner, tmp_path: Path) -> None:
        other = FileSigner.create(tmp_path / "other.pem")
        both = PublicKeys.parse(f"{other.public}  {signer.public}\n")
        both.verify(b"data", signer.sign(b"data"))
        both.verify(b"data", other.sign(b"data"))


class TestFileSigner(KeyContract):
    @pytest.fixture
    def signer(self, tmp_path: Path) -> FileSigner:
        return FileSigner.create(tmp_path / "key.pem")

    def test_a_key_file_reads_back_and_only_its_owner_may_read_it(self, tmp_path: Path) -> None:
        made = FileSigner.create(tmp_path / "new" / "key.pem")
        assert FileSigner.load(tmp_path / "new" / "key.pem").public == made.public
        assert (tmp_path / "new" / "key.pem").stat().st_mode & 0o777 == 0o600
        with pytest.raises(InputError, match="File exists"):
            FileSigner.create(tmp_path / "new" / "key.pem")

    def test_what_is_no_key_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("no key")
        with pytest.raises(InputError, match="holds no Ed25519 key"):
            FileSigner.load(tmp_path / "text")
        with pytest.raises(InputError, match="No such file"):
            FileSigner.load(tmp_path / "none")


@pytest.mark.usefixtures("aws")
class TestKmsSigner(KeyContract):
    @pytest.fixture
    def signer(self) -> KmsSigner:
        client = boto3.client("kms")
        key = client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        return KmsSigner(client, key)

    def test_a_key_that_is_not_there_is_told_as_unavailable(self) -> None:
        client = boto3.client("kms")
        with pytest.raises(UnavailableError):
            KmsSigner(client, "none").sign(b"data")


@pytest.mark.parametrize("text", ["", "  ", "no base64!", "AAAA", "MFkwEwYHKoZIzj0CAQ=="])
def test_keys_that_cannot_be_read_are_refused_and_in_a_function_trust_nothing(text: str) -> None:
    with pytest.raises(InputError):
        PublicKeys.parse(text)
    verifier = trust(text)
    assert isinstance(verifier, NoTrust)
    with pytest.raises(PackageError, match="bad_key"):
        verifier.verify(b"", b"")


class HitLogContract:
    def test_nothing_is_known_at_first(self, log: HitLog) -> None:
        assert log.busy(NOW - timedelta(hours=1)) == {}
        assert list(log.hits("T-1", NOW - timedelta(days=1))) == []

    def test_hits_read_back_by_material_oldest_first(self, log: HitLog) -> None:
        hits = [Hit("T-1", f"ad-{number}", "adv-1", NOW - timedelta(minutes=90 - number)) for number in range(3)]
        log.note([*hits[::-1], Hit("T-2", "ad-9", "adv-9", NOW)])
        assert list(log.hits("T-1", NOW - timedelta(days=1))) == hits
        assert list(log.hits("T-1", hits[1].at)) == hits[1:]
        assert log.busy(NOW - timedelta(hours=3)) == {"T-1": 3, "T-2": 1}

    def test_the_same_ad_in_the_same_hour_is_one_hit(self, log: HitLog) -> None:
        hit = Hit("T-1", "ad-1", "adv-1", NOW)
        log.note([hit])
        log.note([hit])
        assert list(log.hits("T-1", NOW - timedelta(hours=1))) == [hit]


class TestMemoryHitLog(HitLogContract):
    @pytest.fixture
    def log(self) -> HitLog:
        return MemoryHitLog()


@pytest.mark.usefixtures("aws")
class TestDynamoHitLog(HitLogContract):
    @pytest.fixture
    def log(self) -> HitLog:
        return DynamoHitLog(boto3.client("dynamodb"), create_resources("VerdictsTable")["VerdictsTable"])

    def test_hits_go_away_by_themselves(self) -> None:
        table = create_resources("VerdictsTable")["VerdictsTable"]
        DynamoHitLog(boto3.client("dynamodb"), table).note([Hit("T-1", "ad-1", "adv-1", NOW)])
        items = boto3.client("dynamodb").scan(TableName=table)["Items"]
        assert len(items) == 2
        assert all(int(item["expires_at"]["N"]) > NOW.timestamp() for item in items)


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield
