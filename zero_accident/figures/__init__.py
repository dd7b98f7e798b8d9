"""数字: the figures of a year to a day — kept, worked out, recalled, asked for and shown.

Kept      tables.py · impact.py what an accident does · keeping.py changed with the fact · rebuilding.py from nothing
Made      periods.py · places.py · sources.py where they are read from now · recall.py as we knew at a moment ·
          working_out.py one way of making them
Asked     query.py the question · rows.py the rows that answer it · ratios.py · ranking.py · comparing.py ·
          revisions.py the trail of changes · views.py serializers.py their doors
"""
