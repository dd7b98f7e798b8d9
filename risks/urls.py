from django.urls import path

from risks.views import as_checks, as_duty, as_points, as_rates

urlpatterns = [
    path("risk-points", as_points({"get": "list", "post": "create"})),
    path("risk-points/<uuid:pk>", as_points({"get": "retrieve", "patch": "partial_update"})),
    path("risk-points/<uuid:pk>/assessments", as_points({"get": "assessments"})),
    path("risk-points/<uuid:pk>/assess", as_points({"post": "assess"})),
    path("risk-points/<uuid:pk>/retire", as_points({"post": "retire"})),
    path("self-checks", as_checks({"get": "list"})),
    path("self-checks/<uuid:pk>", as_checks({"get": "retrieve", "put": "put"})),
    path("enterprises/<uuid:pk>/self-check-duty", as_duty({"get": "show"})),
    path("self-check-rates", as_rates({"get": "show"})),
]
