"""What can be done with a paper that was issued: the rows of deeds.py for it. Its text stands; what happened to it is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.deeds import Body, Deed, asked, lines_of, moments
from console.step_forms import Control
from evidence.papers.models import How

WITNESSES = Control("witnesses", "见证人，一行一人", "area", False)
POST = Control("post", "职务", "text", False, most=60)


def _witnessed(at: str, *names: str) -> Any:
    def body(row: dict[str, Any], typed: Mapping[str, str]) -> Body:
        seen_by = lines_of(typed.get("witnesses", ""))
        return {**asked(*names)(row, typed), **moments(at)(typed), **({"witnesses": seen_by} if seen_by else {})}

    return body


PAPER = "papers/{key}"
DEEDS: dict[str, Deed] = {
    "serve": Deed(
        "登记送达", "papers.serve", f"{PAPER}/service", "service", "送达回证由此出具；留置送达须有见证人",
        (
            Control("how", "方式", "choice", True, choices=tuple(How.choices)), Control("received_by", "收件人", "text", True, most=60), POST,
            Control("place", "送达地点", "text", True, most=200), Control("served_at", "送达", "moment", True), WITNESSES,
            Control("note", "备注", "text", False, most=500),
        ), _witnessed("served_at", "how", "received_by", "post", "place", "note"),
    ),
    "refuse": Deed(
        "登记拒签", "papers.refuse", f"{PAPER}/refusals", "signatures", "拒绝签名的，写明理由和在场人员（安全生产法第六十八条）",
        (
            Control("name", "拒签人", "text", True, most=60), POST, Control("reason", "理由", "area", True, most=500),
            Control("refused_at", "拒签", "moment", True), WITNESSES,
        ), _witnessed("refused_at", "name", "post", "reason"),
    ),
    "scan": Deed(
        "存签章原件", "papers.put_scan", f"{PAPER}/scan", "scans", "签名盖章后的扫描件，PDF 或照片；再存的成为新的一版，原有各版保留",
        (Control("file", "扫描件", "file", True),),
        lambda row, _: {"again": "true"} if row["scans"] else {},
    ),
}  # fmt: skip
