"""判定标准 Criteria by which a hazard is a major one: editions of texts, each with its days, and their items.

Words     edition 版本 (`series.version`) · series 系列: editions that follow one another · item 条目 (criterion) · beside 补充: holds
          together with another series · entered 录入: a clause typed in here, with its source
Rooms     rules.py pure: gaps, which edition a hazard is judged by, which a text names, how an item is cited · editions.py what was loaded,
          from memory · actions.py entering a clause and taking it back · serializers.py, views.py, urls.py doors
"""
