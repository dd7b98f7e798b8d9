"""报告与认定: an accident reported, followed up, decided, written off; one end for every verb (settling.py)."""
