from django.urls import path

from accounts.keys.views import KeyDoor
from accounts.views import LoginDoor, RecoveryDoor, SelfDoor

urlpatterns = [
    path("auth/login", LoginDoor.as_view({"post": "login"}, basename="auth")),
    path("auth/password-code", RecoveryDoor.as_view({"post": "ask_code"}, basename="auth")),
    path("auth/password-code/use", RecoveryDoor.as_view({"post": "use_code"}, basename="auth")),
    path("auth/logout", SelfDoor.as_view({"post": "logout"}, basename="auth")),
    path("auth/password", SelfDoor.as_view({"post": "password"}, basename="auth")),
    path("auth/devices", SelfDoor.as_view({"get": "devices"}, basename="auth")),
    path("auth/devices/<path:device_id>", SelfDoor.as_view({"delete": "revoke"}, basename="auth")),
    path("auth/keys", KeyDoor.as_view({"get": "keys", "post": "make_key"}, basename="auth")),
    path("auth/keys/<uuid:key>", KeyDoor.as_view({"delete": "revoke_key"}, basename="auth")),
    path("me", SelfDoor.as_view({"get": "show"}, basename="me")),
]
