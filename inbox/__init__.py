"""收件箱 Inbox: what concerns a person, whichever room says it; one machine of reminders for the whole house.

Words     message 消息 · address 收件对象（人或岗位） · seen 已阅 · done 已办（the matter is over, or one of a post has taken note）
Rooms     kinds.py what may be said · letters.py a message before it is written · models.py · querysets.py whose it is
          actions.py sending, seeing, ending · paging.py a page of several lists
Leans on  accounts (people and their posts)
"""
