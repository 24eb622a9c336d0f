"""Run by QGIS' own Python: opens layers with their default styles, tells what it saw, draws."""

import json
import os
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def aliases(layer):
    """Return the name that QGIS shows for each field."""
    return {field.name(): layer.attributeDisplayName(n) for n, field in enumerate(layer.fields())}


def seen(layer):
    """Return what QGIS made of a layer."""
    renderer = layer.renderer()
    if renderer is None:  # a table
        return {"aliases": aliases(layer)}
    inner = getattr(renderer, "embeddedRenderer", lambda: None)() or renderer
    rules = inner.rootRule().children() if inner.type() == "RuleRenderer" else []
    fields = layer.fields()
    return {
        "rows": layer.featureCount(),
        "crs": layer.crs().authid(),
        "renderer": renderer.type(),
        "inner": inner.type(),
        "legend": [rule.label() for rule in rules],
        "filters": [rule.filterExpression() for rule in rules],
        "aliases": aliases(layer),
        "widgets": {f.name(): layer.editorWidgetSetup(n).type() for n, f in enumerate(fields)},
        "title": layer.metadata().title(),
        "abstract": layer.metadata().abstract(),
        "licence": layer.metadata().licenses(),
        "styles": layer.listStylesInDatabase()[2],
    }


def main(source, picture, crs, names):
    """Open, tell and draw."""
    app = QgsApplication([], False)  # noqa: FBT003 - its own signature
    app.initQgis()
    made = [QgsVectorLayer(source.replace("{name}", name), name, "ogr") for name in names]
    told = {name: seen(layer) for name, layer in zip(names, made, strict=True) if layer.isValid()}
    settings = QgsMapSettings()
    settings.setLayers(made)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    settings.setExtent(settings.fullExtent())
    settings.setOutputSize(QSize(700, 600))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(picture)
    places = ((x, y) for x in range(0, 700, 2) for y in range(0, 600, 2))
    colours = {QColor(image.pixel(x, y)).name() for x, y in places}
    print(json.dumps({"layers": told, "colours": sorted(colours)}), flush=True)  # noqa: T201
    os._exit(0)  # the order in which Python lets go of QGIS is not ours to choose


main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
