"""A deployed stack as its users see it: upload ads, read verdicts, queues and logs."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adsieve.adapters.dynamodb import DynamoVerdictStore, verdict_of
from adsieve.adapters.files import FileUpload
from adsieve.adapters.s3 import PREFIX, S3FingerprintStore, S3Upload
from adsieve.adapters.s3_packages import S3PackageStore
from adsieve.domain.errors import InputError
from adsieve.local.deploy import Stack, client
from adsieve.material_ports import PackageStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

FUNCTIONS = {
    "scan": "ScanUploadFunctionName",
    "rescan": "RescanFunctionName",
    "publish": "PublishFunctionName",
    "breaker": "BreakerFunctionName",
}
"""Functions by the name of their verb, and the output that names each."""

AD_FILE = "ad.json"


class Cloud:
    """Clients and the few calls that the demo and the tests need."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.s3: S3Client = self.client("s3")
        self.dynamodb: DynamoDBClient = self.client("dynamodb")
        self.sqs: SQSClient = self.client("sqs")

    def client(self, service: str) -> Any:
        """A client of any service."""
        return client(service, self.stack.endpoint)

    @property
    def verdicts(self) -> DynamoVerdictStore:
        """The verdicts, as the functions keep them."""
        return DynamoVerdictStore(self.dynamodb, self.stack.outputs["VerdictsTableName"])

    @property
    def fingerprints(self) -> S3FingerprintStore:
        """The fingerprints, as the functions keep them."""
        return S3FingerprintStore(self.s3, self.stack.outputs["EvidenceBucketName"])

    @property
    def packages(self) -> PackageStore:
        """What is published."""
        return S3PackageStore(self.s3, self.stack.outputs["MaterialBucketName"])

    def put_ad(self, ad_id: str, ad: bytes | Mapping[str, Any], media: Mapping[str, bytes] | None = None) -> S3Upload:
        """Upload an ad as an advertiser does: media first, ad.json last."""
        bucket = self.stack.outputs["UploadsBucketName"]
        for path, data in (media or {}).items():
            self.s3.put_object(Bucket=bucket, Key=f"{PREFIX}{ad_id}/{path}", Body=data)
        body = ad if isinstance(ad, bytes) else json.dumps(ad, ensure_ascii=False).encode()
        key = f"{PREFIX}{ad_id}/{AD_FILE}"
        self.s3.put_object(Bucket=bucket, Key=key, Body=body)
        return self.uploaded(key)

    def put_file(self, upload: FileUpload) -> S3Upload:
        """Upload an ad's file: with everything beside it where it is an ad.json, alone otherwise."""
        if upload.file == AD_FILE:
            return self.put_ad(upload.ad_id, upload.path.read_bytes(), dict(_beside(upload.path)))
        key = f"{PREFIX}{upload.file}"
        self.s3.put_object(Bucket=self.stack.outputs["UploadsBucketName"], Key=key, Body=upload.path.read_bytes())
        return self.uploaded(key)

    def uploaded(self, key: str) -> S3Upload:
        """What lies at a key of the uploads bucket, as the functions see it."""
        upload = S3Upload.of_key(self.s3, self.stack.outputs["UploadsBucketName"], key)
        if upload is None:
            raise InputError(f"`{key}` is no key of an ad, want {PREFIX}<ad_id>/{AD_FILE}")
        return upload

    def current(self) -> dict[str, dict[str, Any]]:
        """Every ad's current verdict, by ad."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.stack.outputs["VerdictsTableName"],
            FilterExpression="sk = :current",
            ExpressionAttributeValues={":current": {"S": "META"}},
            ConsistentRead=True,
        )
        told = (verdict_of(item) for page in pages for item in page["Items"])
        return {str(verdict["ad_id"]): verdict for verdict in told}

    def depth(self, queue: str) -> int:
        """Messages of a queue, waiting or being worked on; `queue` is the output that names its URL."""
        found = self._queue(queue)
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    def visibility(self, queue: str) -> int:
        """Seconds after which a message comes back that was taken from a queue and not dealt with."""
        return int(self._queue(queue)["VisibilityTimeout"])

    def _queue(self, output: str) -> dict[str, str]:
        url = self.stack.outputs[output]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return {str(name): value for name, value in found.items()}

    def log_lines(self, since: datetime, functions: Iterable[str] = FUNCTIONS) -> Iterator[str]:
        """What functions logged, oldest first within each."""
        logs: CloudWatchLogsClient = self.client("logs")
        start = int(since.astimezone(UTC).timestamp() * 1000)
        for function in functions:
            name = self.stack.outputs[FUNCTIONS[function]]
            config = self.client("lambda").get_function_configuration(FunctionName=name)
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=config["LoggingConfig"]["LogGroup"], startTime=start
            )
            for page in pages:
                for event in page["events"]:
                    yield event["message"]


def _beside(ad: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(ad.parent.rglob("*")):
        if file.is_file() and file != ad:
            yield file.relative_to(ad.parent).as_posix(), file.read_bytes()
