"""文书 Papers: numbered, frozen, printable; from the plan of a check to the receipt of its service.

Words     issue 出具 · organ 出具机关 · number 文号 · sign 签名 · refuse 拒签 · serve 送达 · scan 签章原件 · correct 更正 · verify 核验
Rooms     kinds.py the dated set of kinds, numbers as they are written · registry.py which record gives which paper its facts
          rules.py who may issue, which certificates count · composing.py facts into the words of a template (templates/*.toml)
          actions.py every write · drafting.py the paper of a step, at once or as a draft · reading.py the papers of a record
          printing.py PDF (layout.typ, narrow.typ) · word.py .docx
          fonts.py where the fonts are, and which signs each has · signs.py words of any paper or file as they can be printed
          models.py papers, signatures, refusals, services, scans: rows that the database lets nobody change
Leans on  reference (the set of kinds, departments), accounts (certificates), geo (points, names of townships)

To issue the paper of a step inside its transaction, from a floor above:

    from evidence.papers.drafting import of_step
    made = of_step("rectify_order", hazard, step="order", by=user, officers=[user.pk, other.pk], fields={"deadline": "2026-12-01"})

It returns the Paper, or the PaperDraft that says what keeps it back; it never stops the step. Without a step it is `actions.issue`:

`issue(kind, subject, *, by, officers=(), fields=None, at=None) -> Paper`: `subject` is the record itself (already found through
`visible_to(by)`), `officers` are ids of those who sign besides `by`, `fields` what the kind asks for (its shape stands in the app's own
`papers.py`), as a request would bring it. The record must agree (`agrees` of its source); the step that is still to be taken is taken. The number is
taken last, under a row lock that ends with the transaction: what is rolled back leaves no gap.
Papers of nature `law` need certified officers, `by` among them; `rectify_notice` needs a township officer and none.
Raises UNKNOWN_PAPER, PAPER_NOT_FOR_THIS, FORBIDDEN, NOT_FOUND (another department's record), CERTIFICATE_REQUIRED, CERTIFIED_OFFICERS_REQUIRED,
CERTIFICATE_NOT_VALID, COORDINATING_BODY, UNKNOWN_OFFICER, LEADER_REQUIRED, NO_ISSUER, PAPER_CONTRADICTS, NOT_OF_THE_STEP,
NOT_OF_THE_VISIT, and a ValidationError whose pointers begin with /fields.
"""
