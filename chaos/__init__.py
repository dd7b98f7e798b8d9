"""混沌 Chaos: phones that submit through bad lines while the house is killed piece by piece; at the end both books are compared.

`./safety chaos` starts it in a house of its own. It is no app: nothing imports from here, and only cast.py knows Django.

weather.py    what may happen to a request on its way, and how often
lines.py      the bad line: a proxy with a port for each phone
client.py     how a phone asks, and what it takes for an answer
books.py      what a phone knows of its records, photos and steps
making.py     visits, hazards and photos, made of what sync brought
phones.py     the honest phone (docs/mobile.md)
page.py       the real page in Chromium, as one of the phones
office.py     whoever sets tasks and moves units meanwhile
killing.py    kill -9, in turn
comparing.py  the phones' books against the server's, record by record and byte by byte
tally.py      what was counted, and the figures
cast.py       its people and units, written by the house itself
"""
