"""访问密钥 Keys for programs that know no sign-in of ours (QGIS, ogr2ogr): one person's, read-only, for maps alone.

Shown once and kept as a digest; eight a person, a year at most. A key opens what its person may open that day and nothing after a lock, a
move or another password; it is no sign-in: `/ogc/` and the map's layers name it among their ways in, no other door does.
"""
