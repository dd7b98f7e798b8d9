"""A paper on A4, or on the narrow roll of a field printer: what its frozen text, its signatures and its fate say, as PDF.

The same paper and signatures give the same bytes.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import segno
import typst

from evidence import storage
from evidence.looking import signature as written_anew
from evidence.papers import fonts
from evidence.papers.actions import Prepared
from evidence.papers.composing import TEMPLATES, spoken_time
from evidence.papers.models import Paper, Party, Refusal, Signature
from evidence.papers.signs import Fitting
from reference.terms import PaperNature

LAYOUT, NARROW = TEMPLATES / "layout.typ", TEMPLATES / "narrow.typ"
ONE_STRIP, STRIP = 6000, 1000  # signs on a strip of any length, some 1.3 m; of more each strip has so many mm
LABEL_OF_A_TOWNSHIPS_OFFICER = "检查人员（签名）："  # who enforces no law
BANNERS = {PaperNature.LAW: "安全生产行政执法文书", PaperNature.NOTICE: "安全生产属地巡查文书"}
LABELS = {
    Party.OFFICER: "执法人员（签名）：",
    Party.UNIT: "单位负责人（签名）：",
    Party.WITNESS: "见证人（签名）：",
    Party.RECEIVER: "收件人（签名）：",
    Party.SERVER: "送达人（签名）：",
    Party.REVIEWER: "审核人（签名）：",
    Party.APPROVER: "审批人（签名）：",
}
DATED = "　　　年　　月　　日"
HALF_A_ROW = 24  # signs: more make a tower in a row of two values
DRAFT, CORRECTED = "草稿", "已更正"


@dataclass(frozen=True)
class Printed:
    """Everything that stands on the sheet, whether issued or only a draft."""

    title: str
    organ: str
    nature: str
    number: str
    blocks: list[dict[str, Any]]
    officers: list[dict[str, str]]
    moment: int = 0  # of issue, seconds since 1970: the file's own date
    watermark: str = ""
    address: str = ""  # where the code is verified; "" for a draft
    code: str = ""
    sha256: str = ""
    signatures: Sequence[Signature] = ()
    refusals: Sequence[Refusal] = field(default_factory=list)


def of_paper(paper: Paper, *, site: str) -> Printed:
    """`site` is our own address without a last slash: the QR code leads to it. Three queries."""
    later = getattr(paper, "corrected_by", None)
    return Printed(
        title=paper.title, organ=paper.organ, nature=paper.nature, number=paper.number, blocks=_with_correction(paper.text["blocks"], later),
        officers=paper.officers, moment=int(paper.issued_at.timestamp()), watermark=CORRECTED if later else "",
        address=f"{site}/api/v1/verify/{paper.code}", code=paper.spoken_code, sha256=paper.sha256,
        signatures=list(paper.signatures.order_by("signed_at", "pk")), refusals=list(paper.refusals.order_by("refused_at", "pk")),
    )  # fmt: skip


def of_draft(prepared: Prepared) -> Printed:
    return Printed(
        title=prepared.text["title"], organ=prepared.sheet.issuer.organ, nature=prepared.kind.nature,
        number=f"（{prepared.sheet.issuer.agency}）{prepared.kind.word}〔{prepared.sheet.day.year}〕　　号",
        blocks=prepared.text["blocks"], officers=prepared.sheet.officers, moment=int(prepared.sheet.at.timestamp()), watermark=DRAFT,
    )  # fmt: skip


def _with_correction(blocks: list[dict[str, Any]], later: Paper | None) -> list[dict[str, Any]]:
    if later is None:
        return blocks
    return [{"is": "correction", "text": f"本文书已由{later.number}更正，不再使用，仅供查阅。"}, *blocks]


# --- as PDF ------------------------------------------------------------------------------------------------------------------
def pdf(sheet: Printed) -> bytes:
    """Raises NO_FONT."""
    return typeset(LAYOUT, drawn(sheet), moment=sheet.moment)


def narrow(sheet: Printed) -> bytes:
    """The same on a roll of 80 mm, for the printer that an officer carries. Raises NO_FONT."""
    shown = drawn(sheet)
    signs = len(json.dumps(shown["blocks"], ensure_ascii=False)) - sum(map(_drawn_size, shown["blocks"]))
    return typeset(NARROW, shown | {"cut": 0 if signs <= ONE_STRIP else STRIP}, moment=sheet.moment)


def _drawn_size(block: dict[str, Any]) -> int:
    """Of the pictures in it, which are no signs."""
    lines = (line for party in block.get("parties", ()) for line in party["lines"])
    return sum(len(json.dumps(each["signature"])) for each in lines if each["signature"])


PRINTED = {"a4": pdf, "narrow": narrow}


def typeset(layout: Path, sheet: dict[str, Any], *, moment: int) -> bytes:
    """Any sheet whose words were fitted (signs.Fitting): for a sign that no font has, typst prints an empty box. Raises NO_FONT."""
    return typst.compile(
        layout.read_bytes(), root=str(layout.parent), font_paths=fonts.loaded(), ignore_system_fonts=True, format="pdf",
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False), "fonts": json.dumps(fonts.FAMILIES)}, timestamp=moment,
    )  # fmt: skip


def drawn(sheet: Printed) -> dict[str, Any]:
    """What stands on it, for PDF and Word alike, in signs that can be drawn."""
    fit = Fitting()
    fitted = fit(_as_it_stands(sheet))
    return fitted | {"blocks": [*fitted["blocks"], *([{"is": "note", "text": fit.note}] if fit.note else [])]}


def _as_it_stands(sheet: Printed) -> dict[str, Any]:
    return {
        "title": sheet.title, "organ": sheet.organ, "banner": BANNERS[PaperNature(sheet.nature)], "number": sheet.number,
        "watermark": sheet.watermark, "code": sheet.code, "sha256": sheet.sha256, "qr": qr(sheet.address) if sheet.address else "",
        "blocks": [_block(each, sheet) for each in sheet.blocks],
    }  # fmt: skip


def _block(block: dict[str, Any], sheet: Printed) -> dict[str, Any]:
    if block["is"] == "signs":
        return block | _signing(block, sheet)
    return block | {"rows": wide(block["rows"])} if block["is"] == "rows" else block


def wide(rows: Iterable[list[str]]) -> list[list[str]]:
    """A long value has the row to itself."""
    return [part for row in rows for part in _parts(row)]


def _parts(row: list[str]) -> list[list[str]]:
    return [row[:2], row[2:]] if len(row) == 4 and max(len(row[1]), len(row[3])) > HALF_A_ROW else [row]


def qr(address: str) -> str:
    return segno.make(address, error="m", micro=False).svg_inline(border=1)


def _signing(block: dict[str, Any], sheet: Printed) -> dict[str, Any]:
    return {"parties": parties(block["parties"], sheet, block.get("labels", {}))}


def parties(wanted: Iterable[str], sheet: Printed, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who signs: a line for each officer, one for each of the others; signatures where there are any, refusals in the unit's place."""
    return [_party(Party(each), sheet, labels.get(each)) for each in wanted]


def _party(party: Party, sheet: Printed, called: str | None) -> dict[str, Any]:
    of_township = party == Party.OFFICER and sheet.nature == PaperNature.NOTICE
    label = called or (LABEL_OF_A_TOWNSHIPS_OFFICER if of_township else LABELS[party])
    signed = [each for each in sheet.signatures if each.party == party]
    lines = _officer_lines(sheet, signed) if party == Party.OFFICER else _other_lines(signed)
    refusals = [refusal_words(each) for each in sheet.refusals] if party in (Party.UNIT, Party.RECEIVER) else []
    return {"label": label, "lines": lines, "refusals": refusals}


def _officer_lines(sheet: Printed, signed: list[Signature]) -> list[dict[str, Any]]:
    by_name = {each.name: each for each in signed}
    return [
        {"beside": f"执法证号：{each['certificate']}　" if each["certificate"] else each["name"], "signature": image(by_name.get(each["name"]))}
        for each in sheet.officers
    ]  # fmt: skip


def _other_lines(signed: list[Signature]) -> list[dict[str, Any]]:
    filled = [{"beside": " ".join(filter(None, (each.name, each.post))), "signature": image(each)} for each in signed]
    return filled or [{"beside": DATED, "signature": None}]


def image(signature: Signature | None) -> dict[str, str] | None:
    """The drawn name as SVG around its PNG: typst takes pictures from memory in no other way than as a file of their own."""
    if signature is None:
        return None
    wide, high = signature.width, signature.height
    png = b64encode(written_anew(content_of(signature))[2]).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{wide}" height="{high}"'
        f' viewBox="0 0 {wide} {high}"><image width="{wide}" height="{high}" xlink:href="data:image/png;base64,{png}"/></svg>'
    )
    return {"svg": svg, "png": png, "at": spoken_time(signature.signed_at)}


def content_of(row: Any) -> bytes:
    """Raises STORAGE_UNAVAILABLE, NOT_IN_STORAGE."""
    return storage.original(row.sha256)


def refusal_words(refusal: Refusal) -> str:
    """安全生产法第六十八条: refusing to sign is written down."""
    who = f"{refusal.name}（{refusal.post}）" if refusal.post else refusal.name
    present = f"在场人员：{'、'.join(refusal.witnesses)}。" if refusal.witnesses else ""
    return f"{spoken_time(refusal.refused_at)}，{who}拒绝签名，理由：{refusal.reason}。{present}记录人：{refusal.recorded_by_name}。"


def file_name(paper: Paper, ending: str) -> str:
    return f"{paper.title}{paper.number}.{ending}"
