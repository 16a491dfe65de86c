"""Named bytes, in a folder and in a bucket."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from adsieve.adapters.evidence_files import FolderFiles, S3Files
from adsieve.cli.shards import delete_fingerprints
from adsieve.domain.errors import UnavailableError
from adsieve.service.rescan.ports import Files


class FilesContract:
    def test_what_is_written_reads_back(self, files: Files) -> None:
        files.write("a/b c", b"1")
        files.write("a/b c", b"2")
        assert files.read("a/b c") == b"2"
        with files.local("a/b c") as path:
            assert path.read_bytes() == b"2"

    def test_nothing_is_there_until_it_is_written_or_once_it_is_deleted(self, files: Files) -> None:
        assert files.read("a") is None
        files.write("a", b"")
        assert files.read("a") == b""
        files.delete("a")
        files.delete("a")
        assert files.read("a") is None

    def test_names_are_told_by_prefix_in_order(self, files: Files) -> None:
        for name in ("b/2", "a/x", "b/1/y"):
            files.write(name, b"")
        assert files.names("b/") == ["b/1/y", "b/2"]
        assert files.names("") == ["a/x", "b/1/y", "b/2"]


class TestFolderFiles(FilesContract):
    @pytest.fixture
    def files(self, tmp_path: Path) -> Files:
        return FolderFiles(tmp_path)


class TestS3Files(FilesContract):
    @pytest.fixture
    def files(self) -> Iterator[Files]:
        with mock_aws():
            client = boto3.client("s3")
            client.create_bucket(Bucket="evidence")
            client.put_object(Bucket="evidence", Key="fingerprints/other", Body=b"")
            yield S3Files(client, "evidence")

    def test_single_fingerprints_go_with_the_evidence_of_their_ads(self) -> None:
        with mock_aws():
            client = boto3.client("s3")
            client.create_bucket(Bucket="evidence")
            for key in ("fingerprints/ad%3A1/a.json.gz", "fingerprints/ad-10/b.json.gz"):
                client.put_object(Bucket="evidence", Key=key, Body=b"")
            assert delete_fingerprints("s3://evidence/archive", ["ad:1", "ad-1"]) == 1
            assert S3Files(client, "evidence", "").names("fingerprints/") == ["fingerprints/ad-10/b.json.gz"]
            assert delete_fingerprints("folder", ["ad:1"]) == 0

    def test_a_store_that_refuses_is_unavailable(self) -> None:
        with mock_aws(), pytest.raises(UnavailableError):
            S3Files(boto3.client("s3"), "missing").names("")
