from accidents.models import Accident
from evidence.owners import owns_photos, tells_scene
from evidence.rules import Scene


@owns_photos("accident")
def visible(user):
    return Accident.objects.visible_to(user)


@tells_scene("accident")
def scene(accident_id):
    # photos are taken for as long as people work there
    accident = Accident.objects.get(pk=accident_id)
    return Scene(accident.occurred_at, None, accident.point, accident.accuracy_m or 0)
