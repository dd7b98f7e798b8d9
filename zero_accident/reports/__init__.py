"""一页报告: how a township stands, on one page for its leader.

Rooms     querysets.py which townships are one's own · composing.py what stands in it · printing.py on A4 · views.py the door
"""
