from django.urls import path

from enterprises.views import as_enterprises, as_sites

urlpatterns = [
    path("enterprises", as_enterprises({"get": "list", "post": "create"})),
    path("enterprises/<uuid:pk>", as_enterprises({"get": "retrieve", "patch": "partial_update"})),
    path("enterprises/<uuid:pk>/status", as_enterprises({"post": "set_status"})),
    path("enterprises/<uuid:pk>/conditions", as_enterprises({"get": "conditions"})),
    path("enterprises/<uuid:pk>/facts", as_enterprises({"get": "facts", "post": "state_fact"})),
    path("enterprises/<uuid:pk>/facts/<uuid:fact>/withdraw", as_enterprises({"post": "withdraw_fact"})),
    path("sites", as_sites({"get": "list", "post": "create"})),
    path("sites/<uuid:pk>", as_sites({"get": "retrieve"})),
    path("sites/<uuid:pk>/correct", as_sites({"post": "correct"})),
    path("sites/<uuid:pk>/corrections", as_sites({"get": "corrections"})),
]
