"""通知: what townships are notified of when their rank or state changes."""
