from django.urls import path

from supervision.views import as_class, as_schemes, as_what_if

CLASS = "enterprises/<uuid:pk>/supervision-class"

urlpatterns = [
    path(CLASS, as_class({"get": "show"})),
    path(f"{CLASS}/acceptance", as_class({"post": "accept"})),
    path(f"{CLASS}/manual", as_class({"post": "set_manual"})),
    path("supervision/what-if", as_what_if({"post": "what_if"})),
    path("supervision/schemes", as_schemes({"get": "schemes"})),
]
