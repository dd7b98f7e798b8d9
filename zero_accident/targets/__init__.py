"""目标: what the law, a county or a township wants to reach in a year."""
