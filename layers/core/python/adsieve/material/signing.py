"""What is signed, and as what: a signature of a manifest is never one of a pointer."""

import base64
import json
from hashlib import sha256

from adsieve.domain.canonical import canonical
from adsieve.domain.errors import PackageError
from adsieve.domain.pointer import Pointer
from adsieve.material_ports import Signer, Verifier

_MANIFEST, _POINTER = b"adsieve manifest ", b"adsieve pointer "


def sign_manifest(signer: Signer, manifest: bytes) -> bytes:
    """The content of the signature file: base64, one line."""
    return base64.b64encode(signer.sign(_signed(_MANIFEST, manifest))) + b"\n"


def check_signature(verifier: Verifier, manifest: bytes, signature: bytes) -> None:
    """Raise PackageError unless a trusted key signed this manifest."""
    if not signature:
        raise PackageError("unsigned", "there is no signature, and keys are configured")
    verifier.verify(_signed(_MANIFEST, manifest), _decoded(signature.removesuffix(b"\n")))


def seal(signer: Signer, pointer: Pointer) -> bytes:
    """The pointer object: what it says, and the signature over it."""
    told = canonical(pointer.to_dict())
    signature = base64.b64encode(signer.sign(_signed(_POINTER, told.encode()))).decode()
    return canonical({"pointer": told, "signature": signature}).encode()


def unseal(verifier: Verifier, data: bytes) -> Pointer:
    """Read a pointer object.

    Raises:
        PackageError: it is malformed, or no trusted key signed it.
    """
    try:
        sealed: dict[str, str] = json.loads(data)
        told, signature = sealed["pointer"].encode(), sealed["signature"].encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PackageError("pointer_malformed", f"{type(error).__name__}: {error}") from None
    verifier.verify(_signed(_POINTER, told), _decoded(signature))
    try:
        return Pointer.from_dict(json.loads(told))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackageError("pointer_malformed", f"{type(error).__name__}: {error}") from None


def _signed(kind: bytes, data: bytes) -> bytes:
    """The short text that is signed: KMS takes no more than 4 KB."""
    return kind + sha256(data).hexdigest().encode()


def _decoded(signature: bytes) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        raise PackageError("bad_signature", "the signature is not base64") from None
