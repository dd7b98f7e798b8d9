from django.urls import path

from enterprises.people.administering import AccountDoor, AccountPartDoor
from enterprises.people.deputies import AccountDeputyDoor, DeputyDoor
from enterprises.people.views import PeopleDoor, UnitAccountDoor
from enterprises.views import as_enterprises, as_sites


def people(**verbs: str):
    return PeopleDoor.as_view(dict(verbs), basename="people")


def accounts(**verbs: str):
    return UnitAccountDoor.as_view(dict(verbs), basename="enterprise_accounts")


def account(door: type[AccountDoor | AccountPartDoor | AccountDeputyDoor] = AccountDoor, **verbs: str):
    return door.as_view(dict(verbs), basename="accounts")


def deputies(**verbs: str):
    return DeputyDoor.as_view(dict(verbs), basename="deputies")


urlpatterns = [
    path("accounts", account(get="list", post="create")),
    path("accounts/<uuid:pk>", account(get="retrieve", patch="edit")),
    path("accounts/<uuid:pk>/disable", account(post="disable")),
    path("accounts/<uuid:pk>/enable", account(post="enable")),
    path("accounts/<uuid:pk>/reset-password", account(post="reset_password")),
    path("accounts/<uuid:pk>/second-factor", account(post="bind_second_factor")),
    path("accounts/<uuid:pk>/posts", account(AccountPartDoor, get="posts", post="give_post")),
    path("accounts/<uuid:pk>/posts/<int:post_id>", account(AccountPartDoor, delete="withdraw_post")),
    path("accounts/<uuid:pk>/certificates", account(AccountPartDoor, get="certificates", post="add_certificate")),
    path(
        "accounts/<uuid:pk>/certificates/<int:certificate_id>/revoke",
        account(AccountPartDoor, post="revoke_certificate"),
    ),
    path("accounts/<uuid:pk>/deputies", account(AccountDeputyDoor, get="deputies", post="appoint_deputy")),
    path("accounts/<uuid:pk>/deputies/<uuid:deputy_id>/end", account(AccountDeputyDoor, post="end_deputy")),
    path("deputies", deputies(get="list", post="appoint")),
    path("deputies/<uuid:pk>/end", deputies(post="end")),
    path("people", people(get="list")),
    path("people/<uuid:pk>", people(get="retrieve")),
    path("enterprises/<uuid:pk>/accounts", accounts(get="list")),
    path("enterprises/<uuid:pk>/accounts/<uuid:user_id>/reset-password", accounts(post="reset")),
    path("enterprises", as_enterprises({"get": "list", "post": "create"})),
    path("enterprises/<uuid:pk>", as_enterprises({"get": "retrieve", "patch": "partial_update"})),
    path("enterprises/<uuid:pk>/status", as_enterprises({"post": "set_status"})),
    path("enterprises/<uuid:pk>/conditions", as_enterprises({"get": "conditions"})),
    path("enterprises/<uuid:pk>/facts", as_enterprises({"get": "facts", "post": "state_fact"})),
    path("enterprises/<uuid:pk>/duties", as_enterprises({"get": "duties"})),
    path("enterprises/<uuid:pk>/facts/<uuid:fact>/withdraw", as_enterprises({"post": "withdraw_fact"})),
    path("sites", as_sites({"get": "list", "post": "create"})),
    path("sites/<uuid:pk>", as_sites({"get": "retrieve"})),
    path("sites/<uuid:pk>/correct", as_sites({"post": "correct"})),
    path("sites/<uuid:pk>/corrections", as_sites({"get": "corrections"})),
]
