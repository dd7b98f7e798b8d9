from evidence.owners import owns_photos, tells_scene
from evidence.rules import Scene
from inspections.models import Inspection


@owns_photos("inspection")
def visible(user):
    return Inspection.objects.visible_to(user)


@tells_scene("inspection")
def scene(inspection_id):
    inspection = Inspection.objects.get(pk=inspection_id)
    return Scene(inspection.started_at, inspection.finished_at, inspection.point, inspection.accuracy_m or 0)
