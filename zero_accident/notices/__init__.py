"""通知: what townships are told when their rank or state changes."""
