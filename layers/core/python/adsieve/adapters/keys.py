"""Keys on this machine: Ed25519 in a file for whoever publishes without KMS, and the public keys that are trusted."""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from adsieve.domain.errors import InputError, PackageError

type PublicKey = Ed25519PublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class FileSigner:
    """An Ed25519 key in a PEM file. See `Signer`."""

    key: Ed25519PrivateKey

    @classmethod
    def create(cls, path: Path) -> "FileSigner":
        """A new key, in a file that only its owner may read; raises InputError where the file exists."""
        signer = cls(Ed25519PrivateKey.generate())
        text = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        return signer

    @classmethod
    def load(cls, path: Path) -> "FileSigner":
        """The key of a file; raises InputError where there is none of this kind."""
        try:
            key = load_pem_private_key(path.read_bytes(), None)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError(f"{path}: holds no Ed25519 key, `adsieve package key` makes one")
        return cls(key)

    @property
    def public(self) -> str:
        """The public key as functions are told it."""
        return encode_key(self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def sign(self, data: bytes) -> bytes:
        """See `Signer.sign`."""
        return self.key.sign(data)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """Trusted public keys: Ed25519 or ECDSA over P-256 with SHA-256. See `Verifier`."""

    keys: Sequence[PublicKey]

    @classmethod
    def parse(cls, text: str) -> "PublicKeys":
        """Keys in base64 DER, as KMS gives them, separated by spaces; two of them while keys are rotated.

        Raises:
            InputError: there is none, or one of another kind.
        """
        keys = tuple(_public(number, word) for number, word in enumerate(text.split(), 1))
        if not keys:
            raise InputError("no public key, want base64 DER (`adsieve package key` prints it)")
        return cls(keys)

    def verify(self, data: bytes, signature: bytes) -> None:
        """See `Verifier.verify`."""
        if not any(_made_by(key, data, signature) for key in self.keys):
            raise PackageError("bad_signature", f"none of the {len(self.keys)} trusted keys signed it")


@dataclass(frozen=True, slots=True)
class NoTrust:
    """What stands in for keys that cannot be read: everything is refused, and verdicts go on. See `Verifier`."""

    problem: str

    def verify(self, data: bytes, signature: bytes) -> None:
        """See `Verifier.verify`."""
        del data, signature
        raise PackageError("bad_key", self.problem)


def trust(text: str) -> PublicKeys | NoTrust:
    """The keys of a function's configuration; a mistake there is told at every poll and stops no verdict."""
    try:
        return PublicKeys.parse(text)
    except InputError as error:
        return NoTrust(str(error))


def encode_key(der: bytes) -> str:
    """A public key as one word."""
    return base64.b64encode(der).decode()


def _public(number: int, word: str) -> PublicKey:
    try:
        key = load_der_public_key(base64.b64decode(word, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    match key:
        case Ed25519PublicKey():
            return key
        case EllipticCurvePublicKey() if isinstance(key.curve, SECP256R1):
            return key
    raise InputError(f"public key {number} is none, want base64 DER of Ed25519 or P-256")


def _made_by(key: PublicKey, data: bytes, signature: bytes) -> bool:
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, data)
        else:
            key.verify(signature, data, ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
