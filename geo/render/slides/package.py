"""The custom properties of a PPTX file."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from lxml import etree

__all__ = ["custom_properties", "read_property"]

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


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
