from django.urls import path

from ledgers.files.views import as_files
from ledgers.views import as_imports, as_ledgers, as_reconciliations, as_templates

urlpatterns = [
    *(path(f"ledgers/{name}", view) for name, view in as_ledgers().items()),
    path("imports", as_imports({"get": "list"})),
    path("imports/templates/<slug:kind>.xlsx", as_imports({"get": "template"})),
    path("imports/<uuid:pk>", as_imports({"get": "retrieve"})),
    path("imports/<uuid:pk>/report.xlsx", as_imports({"get": "report"})),
    path("imports/<slug:kind>", as_imports({"post": "send"})),
    path("report-templates", as_templates({"get": "list", "post": "create"})),
    path("report-templates/<uuid:pk>", as_templates({"get": "retrieve"})),
    path("report-templates/<uuid:pk>/mapping", as_templates({"put": "map_columns"})),
    path("report-templates/<uuid:pk>/filled.xlsx", as_templates({"get": "filled"})),
    path("report-templates/<uuid:pk>/mark", as_templates({"post": "mark"})),
    path("reconciliations", as_reconciliations({"get": "list", "post": "create"})),
    path("reconciliations/<uuid:pk>", as_reconciliations({"get": "retrieve"})),
    path("reconciliations/<uuid:pk>/report.xlsx", as_reconciliations({"get": "report"})),
    path("reconciliations/<uuid:pk>/take-numbers", as_reconciliations({"post": "take_numbers"})),
    path("enterprises/<uuid:pk>/file", as_files({"get": "unit"})),
    path("hazards/<uuid:pk>/duty-file", as_files({"get": "hazard"})),
    path("accidents/<uuid:pk>/duty-file", as_files({"get": "accident"})),
]
