from evidence.owners import owns_photos, tells_scene
from evidence.rules import Scene
from hazards.models import Hazard


@owns_photos("hazard")
def visible(user):
    return Hazard.objects.visible_to(user)


@tells_scene("hazard")
def scene(hazard_id):
    # photos of what was put right come later
    hazard = Hazard.objects.get(pk=hazard_id)
    return Scene(hazard.found_at, None, hazard.point, hazard.accuracy_m or 0)
