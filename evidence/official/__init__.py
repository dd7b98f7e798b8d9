"""公文 Official documents: one content, drawn as PDF, as editable Word and as a workbook, in the manner of GB/T 9704.

Rooms     sheet.py what stands on a sheet, and the blocks it is made of · printing.py PDF · word.py .docx · workbook.py .xlsx

The content is plain JSON, so that it can be frozen and hashed; what somebody typed is text everywhere, never markup, formula or field.
"""
