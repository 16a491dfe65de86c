"""Whatever is wrong with a package: it is refused under a name of its own, and the last good one serves on."""

import base64
import io
import json
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from adsieve.domain.decision import Decision
from adsieve.domain.errors import UnavailableError
from adsieve.domain.pointer import Pointer, Release
from adsieve.material.archive import MAX_FILES, MAX_UNPACKED, pack
from adsieve.material.compile import compile_files
from adsieve.material.manifest import MANIFEST, MANIFEST_DIGEST, MANIFEST_SIGNATURE, digest
from adsieve.material.signing import seal, sign_manifest, unseal
from adsieve.material_ports import Signer, StoredPointer
from adsieve.service import feed as feed_module
from tests.builders import a_material
from tests.publishing import KEY, OTHER_KEY, Desk, terms, words

ROWS = 250
type Files = dict[str, bytes]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A function that serves a good package, and a second one published that it has not seen yet."""
    desk = Desk(tmp_path)
    desk.seed(*terms(*words(ROWS)), a_material(id="T-casino", value="casino", examples_hit=("my casino",)))
    desk.publish()
    assert desk.poll() is None
    desk.seed(a_material(id="T-poker", value="poker"))
    desk.publish(whole=True)
    return desk


def wanted(desk: Desk) -> str:
    release = desk.publisher.pointer()[0].release
    assert release
    return release.sha256


def files_of(archive: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def resigned(files: Mapping[str, bytes], manifest: Mapping[str, Any], signer: Signer = KEY) -> Files:
    """The files with another manifest, properly signed: what a publisher gone wrong would publish."""
    raw = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    envelope = {MANIFEST: raw, MANIFEST_DIGEST: (digest(raw) + "\n").encode()}
    return {**files, **envelope, MANIFEST_SIGNATURE: sign_manifest(signer, raw)}


def offer(desk: Desk, files: Mapping[str, bytes]) -> None:
    """Put files in force with a proper pointer, past every check of the publisher."""
    sha256 = digest(files[MANIFEST])
    desk.store.put(sha256, files[MANIFEST], pack(files))
    pointer = desk.publisher.pointer()[0].releasing(Release("x", sha256, "mallory", "", desk.clock()))
    desk.store.stored = StoredPointer(seal(KEY, pointer), f"tag {pointer.generation}")


def refused(desk: Desk) -> str:
    """The reason that the function gives, after making sure that the good package serves on."""
    refusal = desk.poll()
    assert refusal is not None
    assert desk.decide("casino").decision is Decision.REJECT
    assert desk.decide("poker").decision is Decision.PASS
    again = desk.poll()
    assert again is not None
    assert again.reason == refusal.reason
    return refusal.reason


def test_the_published_package_is_good(desk: Desk) -> None:
    assert desk.poll() is None
    assert desk.decide("poker").decision is Decision.REJECT


def test_a_flipped_bit_in_any_file_is_refused(desk: Desk) -> None:
    sha256 = wanted(desk)
    good = files_of(desk.store.archives[sha256])
    reasons = {}
    for name, data in good.items():
        for place in {0, len(data) // 2, len(data) - 1} if data else ():
            damaged = bytearray(data)
            damaged[place] ^= 0b100
            desk.store.archives[sha256] = pack(good | {name: bytes(damaged)})
            function = desk.another_function(f"{name}-{place}")
            refusal = function.refresh()
            assert refusal is not None, name
            reasons[name] = refusal.reason
            assert desk.decide("hello", function).decision is Decision.PASS
    assert {reasons.pop(MANIFEST_SIGNATURE)} == {"bad_signature"}
    assert set(reasons.values()) == {"digest_mismatch"}


def test_a_flipped_bit_anywhere_in_the_archive_is_refused_or_harmless(desk: Desk) -> None:
    sha256 = wanted(desk)
    good = desk.store.archives[sha256]
    for place in range(0, len(good), max(1, len(good) // 300)):
        damaged = bytearray(good)
        damaged[place] ^= 0b1
        desk.store.archives[sha256] = bytes(damaged)
        function = desk.another_function(f"at-{place}")
        refusal = function.refresh()
        # Dates and attributes of zip entries are not part of the package: what loads must be the package itself.
        assert refusal is not None or function().ref.sha256 == sha256
        assert refusal is None or refusal.reason != "unexpected", refusal


def truncated(files: Files, archive: bytes) -> bytes:
    del files
    return archive[: len(archive) // 2]


def empty(files: Files, archive: bytes) -> bytes:
    del files, archive
    return b""


def zip_bomb(files: Files, archive: bytes) -> bytes:
    del archive
    out = io.BytesIO(pack(files))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as bomb, bomb.open("bomb", "w", force_zip64=True) as entry:
        for _ in range(MAX_UNPACKED // 2**20 + 1):
            entry.write(bytes(2**20))
    return out.getvalue()


def doubled_file(files: Files, archive: bytes) -> bytes:
    del archive
    return pack(files | {"materials.others": files["materials.others"] * 2})


def doubled_entry(files: Files, archive: bytes) -> bytes:
    del archive
    out = io.BytesIO(pack(files))
    with zipfile.ZipFile(out, "a") as twice, pytest.warns(UserWarning, match="Duplicate name"):
        twice.writestr("materials.others", files["materials.others"])
    return out.getvalue()


def an_extra_file(files: Files, archive: bytes) -> bytes:
    del archive
    return pack(files | {"extra.bin": b"x"})


def a_missing_file(files: Files, archive: bytes) -> bytes:
    del archive
    return pack({name: data for name, data in files.items() if name != "terms.trie"})


def a_path_outside(files: Files, archive: bytes) -> bytes:
    del archive
    return pack(files | {"../outside": b"x"})


def no_signature(files: Files, archive: bytes) -> bytes:
    del archive
    return pack({name: data for name, data in files.items() if name != MANIFEST_SIGNATURE})


def another_signature(files: Files, archive: bytes) -> bytes:
    del archive
    return pack(files | {MANIFEST_SIGNATURE: base64.b64encode(bytes(64)) + b"\n"})


def no_base64(files: Files, archive: bytes) -> bytes:
    del archive
    return pack(files | {MANIFEST_SIGNATURE: b"\xff\xfe"})


def another_key(files: Files, archive: bytes) -> bytes:
    del archive
    return pack(files | {MANIFEST_SIGNATURE: sign_manifest(OTHER_KEY, files[MANIFEST])})


def many_files(files: Files, archive: bytes) -> bytes:
    del archive
    return pack(files | {f"f{number}": b"" for number in range(MAX_FILES)})


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (truncated, "archive_damaged"),
        (empty, "archive_damaged"),
        (zip_bomb, "too_large"),
        (doubled_file, "size_mismatch"),
        (doubled_entry, "file_unknown"),
        (an_extra_file, "file_unknown"),
        (a_missing_file, "file_missing"),
        (a_path_outside, "file_unknown"),
        (no_signature, "unsigned"),
        (another_signature, "bad_signature"),
        (no_base64, "bad_signature"),
        (another_key, "bad_signature"),
        (many_files, "too_large"),
    ],
)
def test_a_damaged_archive_is_refused(desk: Desk, damage: Callable[[Files, bytes], bytes], reason: str) -> None:
    sha256 = wanted(desk)
    archive = desk.store.archives[sha256]
    desk.store.archives[sha256] = damage(files_of(archive), archive)
    assert refused(desk) == reason
    assert not [path for path in desk.folder.rglob("*") if path.name == "outside"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"engine_min": "99.0.0"}, "engine_too_old"),
        ({"schema": 2}, "schema_unknown"),
        ({"field_21": "of twenty"}, "manifest_malformed"),
        ({"growth": "lots"}, "manifest_malformed"),
        ({"growth": 10**400}, "manifest_malformed"),
        ({"version": "../x"}, "manifest_malformed"),
        ({"counts": {"materials": -1}}, "manifest_malformed"),
        ({"counts": {"materials": 10**9}}, "too_large"),
        ({"counts": {"materials": 252, "pattern": 10**6}}, "too_large"),
        ({"counts": {"materials": 251, "term": 251}}, "inconsistent"),
        ({"previous": "0" * 64}, "broken_chain"),
        ({"previous": "not a digest"}, "manifest_malformed"),
        ({"base": "0" * 64}, "growth"),
    ],
)
def test_a_signed_manifest_that_cannot_be_is_refused(desk: Desk, change: dict[str, Any], reason: str) -> None:
    files = files_of(desk.store.archives[wanted(desk)])
    offer(desk, resigned(files, json.loads(files[MANIFEST]) | change))
    assert refused(desk) == reason


def test_a_signature_of_a_manifest_is_none_of_a_pointer(desk: Desk) -> None:
    told = json.dumps(Pointer().to_dict())
    signature = sign_manifest(KEY, told.encode()).decode().strip()
    desk.store.stored = StoredPointer(json.dumps({"pointer": told, "signature": signature}).encode(), "x")
    assert refused(desk) == "bad_signature"


@pytest.mark.parametrize("times", [2.05, 10])
def test_a_signed_package_that_outgrew_its_predecessor_is_refused(desk: Desk, times: float) -> None:
    first = desk.publisher.pointer()[0].earlier[0]
    files = compile_files(terms(*words(int(ROWS * times) + 2)), desk.matrix, previous=first.sha256)
    offer(desk, resigned(files, json.loads(files[MANIFEST])))
    assert refused(desk) == "growth"


def test_a_signed_package_that_lost_most_rows_is_refused(desk: Desk) -> None:
    first = desk.publisher.pointer()[0].earlier[0]
    files = compile_files(terms(*words(ROWS // 3)), desk.matrix, previous=first.sha256)
    offer(desk, resigned(files, json.loads(files[MANIFEST])))
    assert refused(desk) == "growth"


def test_a_row_whose_example_is_not_found_by_this_engine_is_refused(desk: Desk) -> None:
    line = json.dumps(["T-0", "a text", True]).encode()
    files = compile_files(terms("word"), desk.matrix, beside={"selftest.jsonl": line})
    offer(desk, resigned(files, json.loads(files[MANIFEST])))
    assert refused(desk) == "selftest"


@pytest.mark.parametrize("nonsense", [b"\xff", b"\0", b"7"])
@pytest.mark.parametrize(
    "kind", ["terms.", "materials.rows", "materials.ids", "materials.values", "materials.others", "policies."]
)
def test_a_signed_file_full_of_nonsense_is_refused(desk: Desk, kind: str, nonsense: bytes) -> None:
    files = files_of(desk.store.archives[wanted(desk)])
    manifest = json.loads(files[MANIFEST])
    names = [name for name in manifest["files"] if name.startswith(kind)]
    assert names
    for name in names:
        files[name] = nonsense * len(files[name])
        manifest["files"][name]["sha256"] = digest(files[name])
    offer(desk, resigned(files, manifest))
    refusal = desk.poll()
    assert refusal is not None
    assert desk.decide("casino").decision is Decision.REJECT


def test_an_old_pointer_is_a_replay(desk: Desk) -> None:
    assert desk.poll() is None
    before = desk.store.stored
    desk.seed(a_material(id="T-bingo", value="bingo"))
    desk.publish()
    assert desk.poll() is None
    desk.store.stored = before
    refusal = desk.poll()
    assert refusal is not None
    assert refusal.reason == "stale"
    assert desk.decide("bingo").decision is Decision.REJECT


def test_a_function_that_starts_cold_is_not_told_yesterdays_pointer(desk: Desk) -> None:
    before = desk.store.stored
    desk.seed(a_material(id="T-bingo", value="bingo"))
    desk.publish()
    assert desk.poll() is None
    desk.store.stored = before
    cold = desk.another_function("cold")
    refusal = desk.poll(cold)
    assert refusal is not None
    assert refusal.reason == "stale"
    assert cold().ref.version == "layer"


def test_an_old_package_under_a_new_name_is_a_replay(desk: Desk) -> None:
    old = desk.publisher.pointer()[0].earlier[0].sha256
    desk.store.archives[wanted(desk)] = desk.store.archives[old]
    assert refused(desk) == "replayed"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"pointer": 1, "signature": ""}', b'{"pointer": "", "signature": "AAAA"}']
)
def test_a_pointer_that_is_none_is_refused(desk: Desk, data: bytes) -> None:
    desk.store.stored = StoredPointer(data, "another tag")
    assert refused(desk) in {"pointer_malformed", "bad_signature"}


def test_a_pointer_of_another_key_is_refused_and_its_switches_with_it(desk: Desk) -> None:
    desk.store.stored = StoredPointer(seal(OTHER_KEY, desk.publisher.pointer()[0]), "another tag")
    assert refused(desk) == "bad_signature"


def test_a_package_of_another_base_is_refused(desk: Desk) -> None:
    assert desk.poll() is None
    desk.seed(a_material(id="T-bingo", value="bingo"))
    assert desk.publish().delta
    files = files_of(desk.store.archives[wanted(desk)])
    manifest = json.loads(files[MANIFEST])
    assert manifest["base"] != desk.publisher.pointer()[0].earlier[-1].sha256
    hidden = json.dumps([10**6]).encode()
    files["hidden.json"] = hidden
    manifest["files"]["hidden.json"] = {"bytes": len(hidden), "sha256": digest(hidden)}
    offer(desk, resigned(files, manifest))
    refusal = desk.poll()
    assert refusal is not None
    assert refusal.reason == "inconsistent"
    assert desk.decide("poker").decision is Decision.REJECT


def test_a_store_that_does_not_answer_is_told_and_asked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise UnavailableError("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "pointer", silent)
        assert refused(desk) == "unavailable"
    assert desk.poll() is None
    assert desk.decide("poker").decision is Decision.REJECT


def test_a_full_disk_is_told_and_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(feed_module, "unpack", full)
        assert refused(desk) == "unavailable"
    assert desk.poll() is None


def test_a_good_package_after_a_bad_one_is_taken(desk: Desk) -> None:
    sha256 = wanted(desk)
    desk.store.archives[sha256] = b"bad"
    assert refused(desk) == "archive_damaged"
    desk.seed(a_material(id="T-bingo", value="bingo"))
    pointer, tag = desk.publisher.pointer()
    older = pointer.earlier[0]
    desk.publisher._point(pointer.releasing(older), tag)
    desk.publish(whole=True)
    assert desk.poll() is None
    assert desk.decide("bingo").decision is Decision.REJECT


def test_only_what_is_used_stays_on_disk(desk: Desk) -> None:
    for number in range(4):
        desk.seed(a_material(id=f"T-more-{number}", value=f"another{'x' * number}"))
        desk.publish(whole=True)
        assert desk.poll() is None
    assert len(list((desk.folder / "function").iterdir())) == 1


def test_ten_thousand_verdicts_meanwhile_see_no_exception(desk: Desk) -> None:
    """Eight threads decide while the package is swapped, damaged, turned off and brought back under them."""
    sha256, good = wanted(desk), desk.store.archives[wanted(desk)]
    failures, decided = list[BaseException](), [0] * 8
    barrier = threading.Barrier(9)

    def decide(number: int) -> None:
        barrier.wait()
        try:
            for _ in range(1250):
                told = desk.decide("casino at the lake", ad_id=f"ad-{number}").decision
                assert told is Decision.REJECT
                decided[number] += 1
        except BaseException as error:  # noqa: BLE001 - any failure of a thread must reach the test
            failures.append(error)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    barrier.wait()
    turn = 0
    while any(thread.is_alive() for thread in threads):
        turn += 1
        desk.store.archives[sha256] = good if turn % 3 == 0 else good[: turn % len(good)]
        desk.feed._refused.clear()
        desk.clock.pass_by(seconds=16)
        desk.feed.refresh()
        pointer, tag = desk.publisher.pointer()
        assert pointer.release
        desk.publisher._point(pointer.releasing(pointer.release if turn % 2 else pointer.earlier[-1]), tag)
    for thread in threads:
        thread.join()
    assert not failures
    assert sum(decided) == 10_000
    assert unseal(desk.keys, desk.store.stored.data) if desk.store.stored else False
