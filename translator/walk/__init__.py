"""The two walks put together: ``inward`` (bytes to documents) and ``outward`` (documents to bytes)."""

from translator.walk.inward import Reading, check, read
from translator.walk.outward import Writing, restore, write

__all__ = ["Reading", "Writing", "check", "read", "restore", "write"]
