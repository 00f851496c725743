"""The PPTX file as a zip: custom properties, and the same bytes whenever the same deck is made."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

__all__ = ["custom_properties", "read_property", "repeatable"]

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_STAMPED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


def custom_properties(values: dict[str, str]) -> bytes:
    """The part `docProps/custom.xml` that holds these texts."""
    root = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={None: _CUSTOM, "vt": _TYPES})
    for number, (name, text) in enumerate(values.items(), 2):
        entry = etree.SubElement(root, f"{{{_CUSTOM}}}property", fmtid=_FORMAT, pid=str(number), name=name)
        etree.SubElement(entry, f"{{{_TYPES}}}lpwstr").text = text
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def read_property(pptx: bytes, name: str) -> str | None:
    """The custom property of that name; None where the file has none.

    Raises
    ------
    BadZipFile, KeyError, lxml.etree.XMLSyntaxError
        If the file is not a presentation.
    """
    with ZipFile(BytesIO(pptx)) as archive:
        if "docProps/custom.xml" not in archive.namelist() or archive.getinfo("docProps/custom.xml").file_size > 2**24:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(archive.read("docProps/custom.xml"), parser)
    for entry in root.iter(f"{{{_CUSTOM}}}property"):
        if entry.get("name") == name:
            return "".join(entry.itertext())
    return None


def repeatable(content: bytes, *, workbook: bool = False) -> bytes:
    """The same zip without the time of day in it, workbooks of charts included."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name in source.namelist():
            held = source.read(name)
            if name.endswith(".xlsx"):
                held = repeatable(held, workbook=True)
            elif workbook and name == "docProps/core.xml":
                held = _STAMPED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", held)
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            made.writestr(entry, held)
    return target.getvalue()
