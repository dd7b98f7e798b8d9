from evidence.owners import owns_photos
from zero_accident.models import Accident


@owns_photos("accident")
def visible(user):
    return Accident.objects.visible_to(user)
