from accidents.models import Accident
from evidence.owners import owns_photos


@owns_photos("accident")
def visible(user):
    return Accident.objects.visible_to(user)
