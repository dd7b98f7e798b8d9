"""年度考核 The year judged: sheets of townships and departments, vetoes, and the key-patrol list of the next year (通知 三十六).

Words     sheet 考核表 · party 被考核方 · view 被考核方意见 · conclusion 考核等次 · veto 一票否决 · ground 事由 ·
          key patrol 重点巡查 · larger disaster 较大自然灾害 · behind 数字的出处
Rooms     rules.py pure: who is vetoed, what makes many accidents · states.py who may become what ·
          working_out.py a year's figures of all parties of a county · behind.py where the rows of a figure are listed ·
          sheets.py vetoes.py key_patrol.py the writes · signing.py who signs · querysets.py reading · export.py Excel ·
          serializers.py, views.py, urls.py the doors

A sheet is worked out anew whenever it is read, until a person confirms it with a conclusion; then it stands for ever, and
what comes later is another revision with its reason. The machine counts, proposes and withdraws proposals; it never judges.
"""
