"""外发 What of the inbox leaves the house: by mail, by short message, by robots of groups; the inbox itself has everything.

Words     outlet 出口 (the mail server, the gateway, one robot) · delivery 外发 (a message to one recipient by one way)
          parcel (several, as one text)
Rooms     table.py which kinds go where, dated · rules.py when, and how long it is tried again · addressees.py who holds a post now
          making.py from message to deliveries · wording.py · outlets.py, mail.py, sms.py, robots.py, posting.py the ways out
          sending.py what is due goes · admin of robots: administering.py · querysets.py, serializers.py, views.py
"""
