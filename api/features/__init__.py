"""OGC API – Features: what lies where, for programs that draw maps, such as QGIS and GDAL."""
