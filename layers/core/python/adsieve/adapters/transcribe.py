"""Amazon Transcribe: the words spoken in a clip. Paid by the second of sound, so it is off by default.

Transcribe answers later: `begin` starts a job over the object in S3, and when it is done (EventBridge tells, source
`aws.transcribe`) `words` gives the transcript. The ad stays in REVIEW until then, see `service.hearing`.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError, UnreadableMediaError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_transcribe import TranscribeServiceClient
    from mypy_boto3_transcribe.literals import LanguageCodeType

LANGUAGES: "tuple[LanguageCodeType, ...]" = ("ar-SA", "ar-AE", "en-US", "en-GB")
"""What a clip's speech is told apart between; Transcribe wants at least two."""

PREFIX = "transcripts/"


@dataclass(frozen=True, slots=True)
class AmazonTranscriber:
    """A Transcriber over Amazon Transcribe; transcripts are kept in `bucket`, which must not be the vendor's."""

    client: "TranscribeServiceClient"
    storage: "S3Client"
    bucket: str

    def begin(self, ad_id: str, content_sha256: str, name: str, uri: str) -> str:
        """See `Transcriber.begin`. The job's name is a digest of what it is for: twice the same is one job."""
        job = "adsieve-" + sha256(f"{ad_id}\0{content_sha256}\0{name}".encode()).hexdigest()[:40]
        try:
            self.client.start_transcription_job(
                TranscriptionJobName=job,
                Media={"MediaFileUri": uri},
                IdentifyMultipleLanguages=True,
                LanguageOptions=list(LANGUAGES),
                OutputBucketName=self.bucket,
                OutputKey=f"{PREFIX}{job}.json",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise UnavailableError(f"transcribe: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise UnavailableError(f"transcribe: {error}") from error
        return job

    def words(self, job: str) -> str | None:
        """See `Transcriber.words`."""
        try:
            told = self.client.get_transcription_job(TranscriptionJobName=job)["TranscriptionJob"]
            if told["TranscriptionJobStatus"] == "FAILED":
                raise UnreadableMediaError(f"sound could not be transcribed: {told.get('FailureReason', 'no reason')}")
            if told["TranscriptionJobStatus"] != "COMPLETED":
                return None
            body = self.storage.get_object(Bucket=self.bucket, Key=f"{PREFIX}{job}.json")["Body"].read()
        except ClientError as error:
            raise UnavailableError(f"transcribe: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise UnavailableError(f"transcribe: {error}") from error
        return "\n".join(found["transcript"] for found in json.loads(body)["results"]["transcripts"])
