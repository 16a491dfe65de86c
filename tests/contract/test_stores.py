"""One class of tests a port; every implementation inherits it, in memory and on AWS (moto)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from adsieve.adapters.dynamodb import DynamoVerdictStore
from adsieve.adapters.memory import MemoryFingerprintStore, MemoryVerdictStore
from adsieve.adapters.s3 import S3FingerprintStore
from adsieve.domain.errors import UnavailableError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.ports import CurrentVerdict, FingerprintStore, Outcome, VerdictStore
from tests.builders import NOON, a_finding, a_verdict, an_ad
from tests.component.template_resources import create_resources

LATER = NOON + timedelta(seconds=5)


class VerdictStoreContract:
    def test_nothing_is_known_of_an_unknown_ad(self, store: VerdictStore) -> None:
        assert store.current("ad-1") is None
        assert list(store.history("ad-1")) == []

    def test_what_is_recorded_reads_back_whole(self, store: VerdictStore) -> None:
        verdict = a_verdict(findings=(a_finding(how=("fold", "clitic"), value="كازينو"),))
        assert store.record(verdict, NOON) is Outcome.RECORDED
        assert list(store.history("ad-1")) == [verdict.to_dict()]
        current = store.current("ad-1")
        assert current is not None
        assert (current.content_sha256, current.package_sha256, current.modified) == ("c1", "p1", NOON)

    def test_the_same_content_and_package_is_recorded_once(self, store: VerdictStore) -> None:
        store.record(a_verdict(), NOON)
        assert store.record(a_verdict(scanned_at=LATER), NOON) is Outcome.DUPLICATE
        assert len(list(store.history("ad-1"))) == 1

    def test_new_content_or_a_new_package_supersedes(self, store: VerdictStore) -> None:
        store.record(a_verdict(), NOON)
        first = store.current("ad-1")
        assert first is not None
        assert store.record(a_verdict(package="p2", scanned_at=LATER), NOON) is Outcome.RECORDED
        told = list(store.history("ad-1"))
        assert [verdict["supersedes"] for verdict in told] == [None, first.verdict_id]

    def test_a_new_engine_decides_again(self, store: VerdictStore) -> None:
        store.record(a_verdict(engine="0.1.0"), NOON)
        assert store.record(a_verdict(engine="0.2.0", scanned_at=LATER), NOON) is Outcome.RECORDED

    def test_an_older_upload_never_replaces_a_newer_one(self, store: VerdictStore) -> None:
        store.record(a_verdict(content="new"), LATER)
        assert store.record(a_verdict(content="old", scanned_at=LATER), NOON) is Outcome.STALE
        current = store.current("ad-1")
        assert current is not None
        assert current.content_sha256 == "new"
        assert len(list(store.history("ad-1"))) == 1

    def test_an_older_scan_of_the_same_upload_never_replaces_a_newer_one(self, store: VerdictStore) -> None:
        store.record(a_verdict(package="p2", scanned_at=LATER), NOON)
        assert store.record(a_verdict(package="p1"), NOON) is Outcome.STALE

    def test_uploading_the_same_again_keeps_events_in_between_old(self, store: VerdictStore) -> None:
        store.record(a_verdict(content="a"), NOON)
        assert store.record(a_verdict(content="a", scanned_at=LATER), NOON + timedelta(hours=2)) is Outcome.DUPLICATE
        assert store.record(a_verdict(content="b", scanned_at=LATER), NOON + timedelta(hours=1)) is Outcome.STALE

    def test_a_verdict_without_a_package_is_kept_and_replaced(self, store: VerdictStore) -> None:
        store.record(a_verdict(package=None), NOON)
        assert store.record(a_verdict(scanned_at=LATER), NOON) is Outcome.RECORDED

    def test_ads_do_not_meet(self, store: VerdictStore) -> None:
        store.record(a_verdict("ad-1"), NOON)
        store.record(a_verdict("ad-11"), NOON)
        assert len(list(store.history("ad-1"))) == 1


class TestMemoryVerdictStore(VerdictStoreContract):
    @pytest.fixture
    def store(self) -> VerdictStore:
        return MemoryVerdictStore()


class TestDynamoVerdictStore(VerdictStoreContract):
    @pytest.fixture
    def store(self) -> Iterator[VerdictStore]:
        with mock_aws():
            names = create_resources("VerdictsTable")
            yield DynamoVerdictStore(boto3.client("dynamodb"), names["VerdictsTable"])

    def test_a_table_that_does_not_answer_is_unavailable(self) -> None:
        with mock_aws():
            store = DynamoVerdictStore(boto3.client("dynamodb"), "nowhere")
            with pytest.raises(UnavailableError):
                store.current("ad-1")
            with pytest.raises(UnavailableError):
                store.record(a_verdict(), NOON)

    def test_losing_a_race_means_looking_again(self, store: DynamoVerdictStore) -> None:
        """Another writer records the same decision between our look and our write."""
        rival = replace(store)
        first_look = type(store).current
        looks = 0

        class Racing(DynamoVerdictStore):
            def current(self, ad_id: str) -> CurrentVerdict | None:
                nonlocal looks
                looks += 1
                present = first_look(self, ad_id)
                if looks == 1:
                    rival.record(a_verdict(), NOON)
                return present

        racing = Racing(store.client, store.table)
        assert racing.record(a_verdict(scanned_at=LATER), NOON) is Outcome.DUPLICATE
        assert looks == 2
        assert len(list(store.history("ad-1"))) == 1


class FingerprintStoreContract:
    def test_what_is_kept_reads_back_equal(self, store: FingerprintStore) -> None:
        ad = an_ad(texts={"headline": "كازينو"})
        fingerprint = Fingerprint(ad, tuple(ad.parts()), {"media/x": "failed: missing file"}, "c1", NOON)
        store.put(fingerprint)
        store.put(fingerprint)
        assert store.get("ad-1", "c1") == fingerprint

    def test_other_content_and_other_ads_are_not_found(self, store: FingerprintStore) -> None:
        ad = an_ad()
        store.put(Fingerprint(ad, (), {}, "c1", NOON))
        assert store.get("ad-1", "c2") is None
        assert store.get("ad-2", "c1") is None


class TestMemoryFingerprintStore(FingerprintStoreContract):
    @pytest.fixture
    def store(self) -> FingerprintStore:
        return MemoryFingerprintStore()


class TestS3FingerprintStore(FingerprintStoreContract):
    @pytest.fixture
    def store(self) -> Iterator[FingerprintStore]:
        with mock_aws():
            names = create_resources("EvidenceBucket")
            yield S3FingerprintStore(boto3.client("s3"), names["EvidenceBucket"])

    def test_a_bucket_that_does_not_answer_is_unavailable(self) -> None:
        with mock_aws(), pytest.raises(UnavailableError):
            S3FingerprintStore(boto3.client("s3"), "nowhere").put(Fingerprint(an_ad(), (), {}, "c1", NOON))
