"""The engine's version, one place for the package metadata, manifests and verdicts."""

__version__ = "0.1.0"
