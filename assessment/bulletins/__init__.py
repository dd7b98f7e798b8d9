"""通报 The monthly bulletin of a county, from the content that was signed.

Rooms     sections.py what the content of a closing holds for the bulletin · composing.py content and what people wrote into
          words · actions.py draft, edit, follow the signature, freeze · sheets.py as PDF, Word, workbook · views.py doors
"""
