"""Signing with a key that never leaves KMS."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.adapters.keys import encode_key
from adsieve.domain.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class KmsSigner:
    """An asymmetric key in KMS, ECC_NIST_P256 for SIGN_VERIFY. See `Signer`.

    Attributes:
        client: of KMS.
        key: id, ARN or alias.
    """

    client: Any
    key: str

    def sign(self, data: bytes) -> bytes:
        """See `Signer.sign`. At most 4,096 bytes."""
        try:
            signed = self.client.sign(KeyId=self.key, Message=data, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256")
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"{self.key}: {error}") from error
        signature: bytes = signed["Signature"]
        return signature

    @property
    def public(self) -> str:
        """The public key as functions are told it."""
        try:
            der: bytes = self.client.get_public_key(KeyId=self.key)["PublicKey"]
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"{self.key}: {error}") from error
        return encode_key(der)
