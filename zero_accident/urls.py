from django.urls import path

from zero_accident.views import AccidentDoor, BrokenDoor, FigureDoor


def accident(**verbs: str):
    return AccidentDoor.as_view(dict(verbs), basename="accidents")


urlpatterns = [
    path("accidents", accident(get="list")),
    path("accidents/<uuid:accident_id>", accident(get="retrieve", put="put")),
    path("accidents/<uuid:accident_id>/reports", accident(get="reports", post="report")),
    path("accidents/<uuid:accident_id>/decide", accident(post="decide")),
    path("accidents/<uuid:accident_id>/write-off", accident(post="write_off")),
    path("accidents/<uuid:accident_id>/overrides", accident(post="override")),
    path("accidents/<uuid:accident_id>/clock", accident(get="clock")),
    path("zero-accident/ratios", FigureDoor.as_view({"get": "ratios"}, basename="zero_accident")),
    path("zero-accident/ranking", FigureDoor.as_view({"get": "ranking"}, basename="zero_accident")),
    path("zero-accident/broken", BrokenDoor.as_view({"get": "list"}, basename="zero_accident_broken")),
]
