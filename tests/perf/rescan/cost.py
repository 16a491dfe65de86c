"""US$ per million ads re-scanned and per thousand uploaded, from measured times and infra/prices.json.

    python -m tests.perf.rescan.cost [--sieve-us 60] [--decide-ms 25] [--share 0.01] [--ads 100000000]

Processor times are measured (`speed`, `exactness`); the time that a function waits for S3 and DynamoDB in AWS is not
known here, so `--decide-ms` and `--upload-ms` are assumptions until a deployment's own REPORT lines replace them.
Requests are counted from the code: see `_rescanned` and `_uploaded`.
"""

import json
from pathlib import Path

import click

PRICES: dict[str, float] = json.loads((Path(__file__).parents[3] / "infra" / "prices.json").read_text())
GB = 1024.0
PLANNER_MB, WORKER_MB, SMALL_MB = 3008, 1769, 256
PARTITION = 50_000
KB_VERDICT = 2
"""A verdict in the table: two units a write, twice that in a transaction, once for the history and once for the head."""


def _seconds(count: float, seconds: float, megabytes: int) -> float:
    return count * seconds * megabytes / GB * PRICES["lambda_arm64_gb_second"]


def _sieved(ads: float, sieve_us: float, bytes_per_ad: float) -> dict[str, float]:
    """Finding out which ads differ: processor time, and one read of each partition."""
    partitions = ads / PARTITION
    return {
        "sieve_compute": _seconds(ads, sieve_us / 1e6, PLANNER_MB) + _seconds(partitions, 3.0, PLANNER_MB),
        "sieve_requests": partitions * (4 * PRICES["s3_get_head"] + 6 * PRICES["s3_put_copy_list"]),
        "kept_a_month": ads * bytes_per_ad / 1e9 * PRICES["s3_gb_month"],
    }


def _rescanned(ads: float, decide_ms: float) -> dict[str, float]:
    """Deciding ads again: a job, a fingerprint, the present verdict twice, a transaction, the stream's event."""
    return {
        "decide_compute": _seconds(ads, decide_ms / 1e3, WORKER_MB) + ads / 10 * PRICES["lambda_request"],
        "decide_queue": ads / 10 * 3 * PRICES["sqs_request"],
        "decide_reads": ads * (PRICES["s3_get_head"] + 2 * PRICES["dynamodb_read_unit"]),
        "decide_writes": ads * 2 * 2 * KB_VERDICT * PRICES["dynamodb_write_unit"],
        "announce": ads * PRICES["events_custom"] + _seconds(ads / 100, 0.2, SMALL_MB),
    }


def _uploaded(ads: float, upload_ms: float) -> dict[str, float]:
    """A text ad: its own PUT is the advertiser's; then event, read, fingerprint, verdict, evidence."""
    return {
        "scan_compute": _seconds(ads, upload_ms / 1e3, WORKER_MB) + ads / 10 * PRICES["lambda_request"],
        "scan_requests": ads * (PRICES["s3_put_copy_list"] * 2 + PRICES["s3_get_head"]) + ads / 10 * 3 * PRICES["sqs_request"],
        "scan_verdict": ads * (2 * 2 * KB_VERDICT * PRICES["dynamodb_write_unit"] + PRICES["dynamodb_read_unit"]),
        "archive": _seconds(ads, 0.03, WORKER_MB) + ads * (PRICES["s3_get_head"] + PRICES["dynamodb_read_unit"])
        + ads / 1_000 * 3 * PRICES["s3_put_copy_list"] + ads / 10 * 3 * PRICES["sqs_request"],
    }  # fmt: skip


def costs(
    sieve_us: float, decide_ms: float, upload_ms: float, share: float, ads: float, kept: float
) -> dict[str, object]:
    """Every figure, rounded to what they are worth."""
    million = _sieved(1e6, sieve_us, kept)
    again = _rescanned(1e6, decide_ms)
    upload = _uploaded(1e3, upload_ms)
    catalogue = _sieved(ads, sieve_us, kept)
    decided = _rescanned(ads * share, decide_ms)
    machine = ads / PARTITION * 3 * PRICES["states_transition"]
    naive = _rescanned(ads, decide_ms)
    shards = PARTITION * sieve_us / 1e6 + 5.0
    return {
        "per_million_sieved": _rounded(million),
        "per_million_decided_again": _rounded(again),
        "per_thousand_uploaded": _rounded(upload),
        "back_catalogue": {
            "ads": ads,
            "share_decided_again": share,
            "usd": round(sum(catalogue.values()) - catalogue["kept_a_month"] + machine + sum(decided.values()), 2),
            "usd_if_all_were_decided_again": round(sum(naive.values()), 2),
            "usd_kept_a_month": round(catalogue["kept_a_month"], 2),
            "partitions": round(ads / PARTITION),
            "seconds_a_partition": round(shards, 1),
            "minutes_to_sieve_at_200_at_once": round(ads / PARTITION / 200 * shards / 60, 1),
            "minutes_to_decide_at_20_at_once": round(ads * share * decide_ms / 1e3 / 20 / 60, 1),
        },
    }


def _rounded(parts: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in parts.items()} | {"total": round(sum(parts.values()), 4)}


@click.command()
@click.option("--sieve-us", default=60.0, show_default=True, help="CPU µs an ad that is sieved; measured.")
@click.option("--decide-ms", default=25.0, show_default=True, help="ms an ad that is decided again; assumed.")
@click.option("--upload-ms", default=35.0, show_default=True, help="ms a text ad that is uploaded; assumed.")
@click.option("--share", default=0.01, show_default=True, help="Share of a back catalogue that differs.")
@click.option("--ads", default=100_000_000, show_default=True, help="Ads of a back catalogue.")
@click.option("--kept", default=160.0, show_default=True, help="Bytes of evidence an ad; measured.")
def main(sieve_us: float, decide_ms: float, upload_ms: float, share: float, ads: int, kept: float) -> None:
    """See the module."""
    click.echo(json.dumps(costs(sieve_us, decide_ms, upload_ms, share, ads, kept), indent=1))


if __name__ == "__main__":
    main()
