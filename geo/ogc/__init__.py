"""OGC API – Features at `/ogc/`: every layer of layers.py as a collection that QGIS, GDAL and other desks of GIS read (docs/gis.md).

Words     collection 图层 · item 要素 · representation 表示形式 (GeoJSON, HTML, GML)
Rooms     crs.py which systems, in which order of axes · parameters.py what is asked · items.py one page, one statement ·
          documents.py what the service says of itself · definition.py its OpenAPI document · html.py, gml.py other representations
Leans on  geo/layers.py (what there is), geo/features.py (its SQL), safety_api/paging.py (sealed cursors)

Part 1 Core (17-069r4) with OpenAPI 3.0, GeoJSON and HTML, items as GML besides; Part 2 CRS (18-058r1).
"""
