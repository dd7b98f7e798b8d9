from evidence.owners import owns_photos
from inspections.models import Inspection


@owns_photos("inspection")
def visible(user):
    return Inspection.objects.visible_to(user)
