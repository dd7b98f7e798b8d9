"""Every write of accidents: one verb, one transaction, one line in the trail."""
