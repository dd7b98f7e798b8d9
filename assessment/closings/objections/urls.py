from django.urls import path

from assessment.closings.objections.views import AttributionObjectionDoor


def objection(**verbs: str):
    return AttributionObjectionDoor.as_view(dict(verbs), basename="objections")


urlpatterns = [
    path("accidents/<uuid:accident_id>/objections", objection(post="make")),
    path("zero-accident/objections", objection(get="list")),
    path("zero-accident/objections/<int:objection_id>", objection(get="retrieve")),
    path("zero-accident/objections/<int:objection_id>/answer", objection(post="answer")),
    path("zero-accident/objections/<int:objection_id>/withdraw", objection(post="withdraw")),
]
