"""台账与档案 Ledgers: what stands in the registers, as an official hands it on; lists in, lists out, the superior's forms.

Words     ledger 台账、清单 · column 列 · export 导出 · import 导入 · report template 上级模板 · reconciliation 对账
          external number 上级平台编号 · reported up 已报上级
Rooms     columns.py what a column is · ledger.py what a ledger is · books/ the ledgers, one file a register
          workbook.py the workbook of a ledger · importing.py lists from Excel, all or nothing · checklists.py a department's own list
          forms.py a ledger's cells in a superior's workbook · reconciling.py theirs against ours
Leans on  every register below (hazards, enforcement, enterprises, inspections), reference (checklists, departments, sectors)

A ledger holds no rows of its own: it is a declared table over the records of lower floors, read in the reader's jurisdiction.
"""
