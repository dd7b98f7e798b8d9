from django.urls import path

from assessment.bulletins.views import BulletinDoor


def bulletin(**verbs: str):
    return BulletinDoor.as_view(dict(verbs), basename="bulletins")


urlpatterns = [
    path("zero-accident/closings/<int:closing_id>/bulletin", bulletin(post="draft")),
    path("zero-accident/bulletins", bulletin(get="list")),
    path("zero-accident/bulletins/<int:bulletin_id>", bulletin(get="retrieve", patch="edit")),
    path("zero-accident/bulletins/<int:bulletin_id>.pdf", bulletin(get="pdf")),
    path("zero-accident/bulletins/<int:bulletin_id>.docx", bulletin(get="docx")),
    path("zero-accident/bulletins/<int:bulletin_id>.xlsx", bulletin(get="xlsx")),
]
