"""地理 Geo: which place a record belongs to, where exactly it lies, and how it gets onto a map.

Words     region 行政区划 · county 县 · township 乡镇 · village 村(社区) · edition 区划版本 ·
          succession 撤并沿革 · layer 图层 · cell 图斑
Rooms     codes.py what twelve digits say · rules.py editions become history · coordinates.py four systems, one door ·
          areas.py approximate areas · boundaries.py real ones · layers.py what can be drawn · features.py, tiles.py how ·
          grid.py cells counted before anybody asks ·
          ogc/ the same layers for QGIS and GDAL
Leans on  safety_api (doors, problems, trail, stamps)

A region has two times: when it held (`valid_from`, `valid_to`, half-open days) and since when we knew
(`RegionVersion.known_from`). What was loaded is kept line by line (`RegionListing`); the history is derived from all
editions together, so the order of loading never matters.
"""
