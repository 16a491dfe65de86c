"""Rekognition and Transcribe by what their adapters send and make of answers; no account and no network."""

import io
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

from adsieve.adapters.rekognition import RekognitionWords
from adsieve.adapters.transcribe import AmazonTranscriber
from adsieve.domain.errors import UnavailableError, UnreadableMediaError
from adsieve.ports import SeenWord


def detected(text: str, confidence: float = 99.0, line: int = 0) -> dict[str, Any]:
    box = {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.05}
    return {
        "DetectedText": text,
        "Type": "WORD",
        "ParentId": line,
        "Confidence": confidence,
        "Geometry": {"BoundingBox": box},
    }


def test_rekognition_words_keep_place_and_line_and_drop_guesses() -> None:
    client = boto3.client("rekognition")
    answer = {
        "TextDetections": [
            {"DetectedText": "CASINO NOW", "Type": "LINE", "Id": 0},
            detected("CASINO"),
            detected("NOW", 20),
        ]
    }
    with Stubber(client) as stub:
        stub.add_response("detect_text", answer, {"Image": {"Bytes": b"jpeg"}})
        assert RekognitionWords(client).read(b"jpeg") == ([SeenWord("CASINO", (0.1, 0.2, 0.3, 0.05), 0)], "")


def test_a_hundred_words_may_not_be_all() -> None:
    client = boto3.client("rekognition")
    with Stubber(client) as stub:
        stub.add_response("detect_text", {"TextDetections": [detected("x")] * 100})
        assert "no more" in RekognitionWords(client).read(b"jpeg")[1]


def test_a_picture_that_rekognition_refuses_is_incomplete_and_one_too_large_is_not_sent() -> None:
    client = boto3.client("rekognition")
    with Stubber(client) as stub:
        stub.add_client_error("detect_text", "InvalidImageFormatException")
        assert "refused" in RekognitionWords(client).read(b"webp")[1]
    assert "at most" in RekognitionWords(client).read(bytes(5_000_001))[1]


def test_an_overloaded_service_may_be_tried_again() -> None:
    client = boto3.client("rekognition")
    with Stubber(client) as stub:
        stub.add_client_error("detect_text", "ThrottlingException")
        with pytest.raises(UnavailableError):
            RekognitionWords(client).read(b"jpeg")


@pytest.fixture
def transcriber() -> AmazonTranscriber:
    return AmazonTranscriber(boto3.client("transcribe"), boto3.client("s3"), "evidence")


def test_the_same_clip_is_one_job(transcriber: AmazonTranscriber) -> None:
    with Stubber(transcriber.client) as stub:
        stub.add_response(
            "start_transcription_job",
            {},
            {
                "TranscriptionJobName": ANY,
                "Media": {"MediaFileUri": "s3://uploads/x.mp4"},
                "IdentifyMultipleLanguages": True,
                "LanguageOptions": ["ar-SA", "ar-AE", "en-US", "en-GB"],
                "OutputBucketName": "evidence",
                "OutputKey": ANY,
            },
        )
        stub.add_client_error("start_transcription_job", "ConflictException")
        first = transcriber.begin("ad-1", "c1", "media/x.mp4", "s3://uploads/x.mp4")
        assert transcriber.begin("ad-1", "c1", "media/x.mp4", "s3://uploads/x.mp4") == first


def job(status: str, **more: str) -> dict[str, Any]:
    return {"TranscriptionJob": {"TranscriptionJobStatus": status} | more}


def test_a_transcript_is_words_once_it_is_there(transcriber: AmazonTranscriber) -> None:
    body = json.dumps({"results": {"transcripts": [{"transcript": "العب في الكازينو"}]}}).encode()
    with Stubber(transcriber.client) as stub, Stubber(transcriber.storage) as storage:
        stub.add_response("get_transcription_job", job("IN_PROGRESS"))
        stub.add_response("get_transcription_job", job("COMPLETED"))
        stub.add_response("get_transcription_job", job("FAILED", FailureReason="no sound"))
        storage.add_response(
            "get_object",
            {"Body": StreamingBody(io.BytesIO(body), len(body))},
            {"Bucket": "evidence", "Key": "transcripts/j.json"},
        )
        assert transcriber.words("j") is None
        assert transcriber.words("j") == "العب في الكازينو"
        with pytest.raises(UnreadableMediaError, match="no sound"):
            transcriber.words("j")


def test_a_service_that_does_not_answer_may_be_tried_again(
    transcriber: AmazonTranscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="nowhere")

    monkeypatch.setattr(transcriber.client, "start_transcription_job", fail)
    monkeypatch.setattr(transcriber.client, "get_transcription_job", fail)
    with pytest.raises(UnavailableError):
        transcriber.begin("ad-1", "c1", "media/x.mp4", "s3://uploads/x.mp4")
    with pytest.raises(UnavailableError):
        transcriber.words("j")
