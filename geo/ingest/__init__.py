"""Files of offices into the store: read, mapped, looked through for personal data, checked, written as one batch."""

from geo.ingest.checking.privacy import PrivacyError, PrivacyFinding
from geo.ingest.pipeline import Preview, commit, prepare
from geo.ingest.reading.read import FORMATS, read
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.reporting.corrections import errors_file
from geo.ingest.source import Limits, Note, RawTable, Source

__all__ = [
    "FORMATS",
    "Limits",
    "Mapping",
    "Note",
    "Preview",
    "PrivacyError",
    "PrivacyFinding",
    "RawTable",
    "Source",
    "commit",
    "errors_file",
    "prepare",
    "read",
]
