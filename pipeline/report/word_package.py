"""The Word file around the text: styles, settings, header and footer, and its bytes."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.report.document import Document, plain
from pipeline.report.paged import WIDTH

# Fonts that Word and WPS bring on Windows and macOS; LibreOffice takes its own in their place.
_LATIN, _BODY, _HEAD = "Times New Roman", "宋体", "黑体"
_EPOCH = datetime(2000, 1, 1)
_HERE = Path(__file__).parent


def element(tag: str, /, *children: Any, **attributes: str) -> Any:
    """An element of WordprocessingML with attributes of the same namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def styles(language: str) -> Any:
    """The styles of the report, written in word_styles.xml.j2."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("word_styles.xml.j2")
    zh = language == "zh"
    return parse_xml(template.render(zh=zh, latin=_LATIN, body=_BODY, head=_HEAD).strip())


def new(document: Document) -> Any:
    """An empty Word file with our styles, on A4, with the title above every page but the first and the page number below."""
    file = docx.Document()
    for part in (file.part, file.part.package):
        for key in [key for key, rel in part.rels.items() if rel.reltype.endswith(("stylesWithEffects", "thumbnail"))]:
            del part.rels[key]
    own, old = styles(document.language), file.styles.element
    old[:] = list(own)
    _settings(file.settings.element)
    properties = file.core_properties
    properties.title, properties.subject = plain(document.title)[:255], plain(document.subtitle)[:255]
    properties.author, properties.comments = "Jingyan", ""
    properties.language = "zh-CN" if document.language == "zh" else "en-US"
    properties.created = properties.modified = _EPOCH
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - WIDTH) / 2)
    section.top_margin = section.bottom_margin = Cm(2.5)
    section.header_distance = section.footer_distance = Cm(1.4)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head._p.style = "Header"
    head.add_run(plain(document.title))
    for footer in (section.footer, section.first_page_footer):
        foot = footer.paragraphs[0]
        foot._p.style = "Footer"
        foot._p.append(field(" PAGE ", [run("1")]))
    section.first_page_header.paragraphs[0]._p.style = "Normal"
    return file


def _settings(settings: Any) -> None:
    """As Word 2013 and later write them: the template's would open the file in compatibility mode."""
    for name in ("savePreviewPicture", "rsids", "proofState"):
        for found in settings.findall(qn(f"w:{name}")):
            settings.remove(found)
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    for one in settings.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            one.set(qn("w:val"), "15")


def run(text: str, style: str = "", *, east_asian: bool = False) -> Any:
    """A run of text; ``east_asian``: signs that both scripts have, as quotation marks, are set in the Chinese font."""
    made = element("w:r")
    if style or east_asian:
        properties = element("w:rPr")
        if style:
            properties.append(element("w:rStyle", val=style))
        if east_asian:
            properties.append(element("w:rFonts", hint="eastAsia"))
        made.append(properties)
    words = element("w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(words)
    return made


def field(instruction: str, runs: list[Any]) -> Any:
    """A field with what it shows until Word computes it anew."""
    return element("w:fldSimple", *runs, instr=instruction)


def drawing(svg: bytes) -> bytes:
    """The SVG with its one rule as attributes of the root, as simple programs want it, and without declarations and links.

    A link to a place on a page would in Word lead to a file.
    """
    text = svg.decode()
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|</?a\b[^>]*>", "", text[text.index("<svg") :], flags=re.DOTALL)
    rule = re.search(r"<style[^>]*>\s*\*\{([^}]*)\}\s*</style>", text)
    if rule:
        pairs = (one.split(":", 1) for one in rule[1].split(";") if one.strip())
        told = "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)
        text = (text[: rule.start()] + text[rule.end() :]).replace("<svg ", f"<svg{told} ", 1)
    return text.encode()


def stable(file: Any) -> bytes:
    """The file as an archive with its parts in order and one fixed date, so that equal content is equal bytes."""
    data, written = BytesIO(), BytesIO()
    file.save(data)
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        # Word wants the content types first.
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, old.read(name))
    return written.getvalue()
