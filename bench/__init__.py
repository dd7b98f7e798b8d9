"""量尺 The bench: what a request costs, in CPU milliseconds of web and PostgreSQL together, beside the budgets of the design.

`./safety bench` starts it in a house of its own. It is no app: nothing imports from here.

budgets.py    what a request may cost
scenarios.py  the requests
house.py      a database and a web for each size, beside the bench house's own
statements.py how many statements a request makes
processes.py  CPU time, from /proc
client.py     eight connections that send and read
measuring.py  batches, the least of them, the calibration
report.py     the table and the JSON
proxies.py, pooler.py  what of ops/ may stand before web and PostgreSQL, started as it stands there
counties/     a county in every key: ten million visits, spread and not spread
"""
