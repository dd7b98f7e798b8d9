"""The ledgers, one file a register. A ledger that is declared here has its door, its workbook and its words for templates."""

from __future__ import annotations

from ledgers.books.enforcement import ACCOUNTABILITY, DISHONESTY, JOINT_PUNISHMENT, LISTED
from ledgers.books.rectification import RECTIFICATION
from ledgers.books.supervision import SUPERVISION
from ledgers.ledger import Ledger

LEDGERS: dict[str, Ledger] = {
    each.name: each for each in (SUPERVISION, RECTIFICATION, LISTED, ACCOUNTABILITY, JOINT_PUNISHMENT, DISHONESTY)
}
