"""The front of the house (RSGI): the loop receives bodies whole and lets answers go at any speed, one thread computes.

A request has the thread only while Django works on it, so a slow line holds nothing but its own place (docs/adr/0020-front.md). Granian's
HTTP parser in front of it, the WSGI application behind it; the thread is one, and so is its connection to the database.

`lines` who may keep us waiting, and how long · `spool` bytes that wait, in memory and on disk · `bridge` from RSGI to WSGI and back ·
`application` the course of a request.
"""
