"""What of ours is proven at the open door of verification: loaded with the papers of all apps."""

from assessment.bulletins.sheets import verified_bulletin

__all__ = ["verified_bulletin"]
