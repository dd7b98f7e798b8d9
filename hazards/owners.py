from evidence.owners import owns_photos
from hazards.models import Hazard


@owns_photos("hazard")
def visible(user):
    return Hazard.objects.visible_to(user)
