from rest_framework.routers import SimpleRouter

from reference.views import ChecklistDoor, RuleDoor, SectorDoor, StandardDoor

router = SimpleRouter(trailing_slash=False)
router.register("sectors", SectorDoor, basename="sectors")
router.register("checklists", ChecklistDoor, basename="checklists")
router.register("hazard-standards", StandardDoor, basename="hazard_standards")
router.register("rules", RuleDoor, basename="rules")
urlpatterns = router.urls
