"""同步 What changed for whoever holds the phone, a page at a time.

A round brings what transactions below `until` wrote and none below `seen` did; its pages walk stream by stream in the order of changes
(safety_api/stamps.py), so that nothing that commits late is missed. Then `until` is the next round's `seen`.
"""
