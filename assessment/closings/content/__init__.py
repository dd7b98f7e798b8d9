"""What a closing says: worked out from the facts up to its last day as they are known at a moment. Nothing here writes.

Rooms     closing_facts.py one closing as it is known at one moment · ranking.py ratios, ranking, why they changed · accidents.py
          who broke and by what, late and wrongful reports · hazards.py what is overdue · reconciliation.py lists,
          decisions, objections · drafting.py all sections in one, and what of them must not differ when it is frozen

Every section is a function of drafting.SECTIONS and becomes a part of what is signed and frozen.
"""
