"""Run by the Python that has QGIS: opens a GeoPackage with its default styles and draws it.

    python3 draw.py MAP.gpkg PICTURE.png

Prints the layers with their renderer and, of categorised ones, the labels of the categories.
"""

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from osgeo import ogr
from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

application = QgsApplication([], False)
application.initQgis()
package, picture = sys.argv[1:3]
names = [layer.GetName() for layer in ogr.Open(package) if layer.GetGeomType() != ogr.wkbNone]
layers = [QgsVectorLayer(f"{package}|layername={name}", name, "ogr") for name in names]
assert all(layer.isValid() for layer in layers)
settings = QgsMapSettings()
settings.setLayers(layers[::-1])
settings.setDestinationCrs(layers[0].crs())
settings.setBackgroundColor(QColor("#dbe5ec"))
settings.setOutputSize(QSize(1200, 1000))
settings.setExtent(layers[0].extent())
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
job.renderedImage().save(picture)
found = []
for layer in layers:
    renderer = layer.renderer()
    labels = [c.label() for c in renderer.categories()] if renderer.type() == "categorizedSymbol" else []
    found.append(
        {
            "name": layer.name(),
            "renderer": renderer.type(),
            "labels": labels,
            "count": layer.featureCount(),
            "shown": layer.isInScaleRange(settings.scale()),
        }
    )
print(json.dumps(found, ensure_ascii=False))
