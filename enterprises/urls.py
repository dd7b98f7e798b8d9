from django.urls import path

from enterprises.people.views import PeopleDoor, UnitAccountDoor
from enterprises.views import as_enterprises, as_sites


def people(**verbs: str):
    return PeopleDoor.as_view(dict(verbs), basename="people")


def accounts(**verbs: str):
    return UnitAccountDoor.as_view(dict(verbs), basename="enterprise_accounts")


urlpatterns = [
    path("people", people(get="list")),
    path("people/<uuid:pk>", people(get="retrieve")),
    path("enterprises/<uuid:pk>/accounts", accounts(get="list")),
    path("enterprises/<uuid:pk>/accounts/<uuid:user_id>/reset-password", accounts(post="reset")),
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
