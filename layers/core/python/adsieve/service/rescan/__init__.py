"""Deciding stored ads again when the material changes: only those that can change, and every one of them."""
