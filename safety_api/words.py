"""检索 How a record is found by what someone types: one folding for what is stored and for what is asked. Pure.

A record's words are one text: its fields folded, then what each sounds like, initials and whole syllables, with a space between.
An index of numbers (`signs`) stands beside it: pairs of neighbouring signs, of letters threes too, for a Chinese word has two signs and
trigrams of PostgreSQL find none of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice, product
from zlib import crc32

MOST_WORDS = 8  # of what is asked; more narrow nothing
MOST_SOUNDS = 16  # readings of one stretch of text
MOST_SPELLED = 300  # signs of a field that are spelled out
CLAUSE = re.compile(r"[\s，。、；：！？,;!?]+")
# A place's name is read by itself: behind 兴县 the sign 长 would be read as that of 县长.
PLACE_ENDS = re.compile(r"(?<=[省市县区镇乡村])")
# What the dictionary reads otherwise than the people who live there.
PLACES = {
    "长治": "chang zhi", "单县": "shan xian", "长盛": "chang sheng", "朝阳": "chao yang", "蔚汾": "yu fen", "洪洞": "hong tong",
    "繁峙": "fan shi", "解州": "xie zhou",
}  # fmt: skip
# Signs of names with two readings in common use: both are indexed, the dictionary's first.
READINGS = {
    "长": "chang zhang", "单": "dan shan", "朝": "chao zhao", "行": "xing hang", "乐": "le yue", "重": "chong zhong",
    "盛": "sheng cheng", "蔚": "wei yu", "解": "jie xie hai", "曾": "zeng ceng", "尉": "wei yu", "盖": "gai ge",
    "仇": "qiu chou", "查": "cha zha", "都": "du dou", "会": "hui kuai", "调": "diao tiao", "传": "chuan zhuan",
    "藏": "cang zang", "弹": "dan tan", "宿": "su xiu", "落": "luo la", "薄": "bo bao", "朴": "pu piao", "区": "qu ou",
    "翟": "zhai di", "省": "sheng xing", "车": "che ju", "石": "shi dan", "厦": "sha xia", "六": "liu lu",
    "堡": "bao pu bu", "泊": "bo po", "便": "bian pian", "参": "can shen", "大": "da dai", "地": "di de", "和": "he huo",
    "降": "jiang xiang", "校": "xiao jiao", "角": "jiao jue", "系": "xi ji", "率": "lv shuai", "卡": "ka qia",
    "壳": "ke qiao", "塞": "sai se", "识": "shi zhi", "折": "zhe she", "扎": "zha za", "着": "zhe zhao zhuo",
    "种": "zhong chong", "柏": "bai bo", "阿": "a e", "秘": "mi bi", "奇": "qi ji", "强": "qiang jiang", "巷": "xiang hang",
    "畜": "chu xu", "给": "gei ji", "氏": "shi zhi", "峙": "zhi shi", "洞": "dong tong", "番": "fan pan", "铅": "qian yan",
    "浚": "jun xun", "莘": "shen xin", "牟": "mou mu", "勒": "le lei", "露": "lu lou", "暴": "bao pu", "否": "fou pi",
    "粘": "zhan nian", "咽": "yan ye", "屏": "ping bing", "埋": "mai man", "炮": "pao bao", "圈": "quan juan",
    "模": "mo mu", "还": "hai huan", "没": "mei mo", "差": "cha chai", "得": "de dei", "剥": "bo bao", "削": "xiao xue",
    "血": "xue xie", "熟": "shu shou", "绿": "lv lu", "吓": "xia he", "夹": "jia ga", "贾": "jia gu", "见": "jian xian",
    "劲": "jin jing", "什": "shi shen", "提": "ti di", "轧": "zha ya", "属": "shu zhu", "伯": "bo bai",
    "吕": "lv lu lyu", "铝": "lv lu lyu", "旅": "lv lu lyu", "律": "lv lu lyu", "女": "nv nu nyu", "珲": "hui hun",
}  # fmt: skip


# --- folding ----------------------------------------------------------------------------------------------------------
def folded(text: str) -> str:
    """Full width to ASCII, lower case, only letters and digits: 兴县（蔚汾）煤业 → 兴县蔚汾煤业."""
    text = unicodedata.normalize("NFKC", text).lower().replace("ü", "v")
    return "".join(sign for sign in text if sign.isalnum())


def asked(text: str) -> tuple[str, ...]:
    """The words of what someone typed, each of which must be found."""
    return tuple(islice(dict.fromkeys(folded(each) for each in clauses(text) if folded(each)), MOST_WORDS))


def clauses(text: str) -> list[str]:
    """Parted by spaces and commas of any width."""
    return [each for each in CLAUSE.split(unicodedata.normalize("NFKC", text)) if each]


# --- what a record is found by ----------------------------------------------------------------------------------------
def spelled(*fields: str | None) -> str:
    """The text of a record: each field as it is, and as it sounds."""
    tokens: dict[str, None] = {}
    for field in filter(None, fields):
        tokens |= dict.fromkeys([folded(field), *_sounds_of(field)])
    return " ".join(token for token in tokens if token)


def joined(*fields: str | None) -> str:
    """The text of a record without its sounds: enough where nobody asks by letters."""
    return " ".join(folded(field) for field in fields if field)


def holds(text: str, wanted: Iterable[str]) -> bool:
    return all(word in text for word in wanted)


def _sounds_of(field: str) -> Iterator[str]:
    for clause in CLAUSE.split(unicodedata.normalize("NFKC", field[:MOST_SPELLED])):
        word = folded(clause)
        if not word.isascii():
            for syllables in sounds(word):
                yield from ("".join(each[0] for each in syllables), "".join(syllables))


def pinyin_of(name: str) -> str:
    """Initials, a space, whole syllables, as it is read first: 蔚汾煤业 → "yfmy yufenmeiye". Letters and digits stay."""
    syllables = sounds(folded(name))[0] if folded(name) else ()
    return f"{''.join(each[0] for each in syllables)} {''.join(syllables)}"


@lru_cache(maxsize=4096)
def sounds(word: str) -> tuple[tuple[str, ...], ...]:
    """All readings of folded text, the first one first; of very many only those that differ from the first in one sign."""
    first = _read(word)
    choices = [
        tuple(dict.fromkeys([said, *READINGS.get(sign, "").split()])) for sign, said in zip(word, first, strict=True)
    ]
    many = 1
    for each in choices:
        many *= len(each)
    if many <= MOST_SOUNDS:
        return tuple(product(*choices))
    ones = ((*first[:n], other, *first[n + 1 :]) for n, each in enumerate(choices) for other in each[1:])
    return (first, *islice(ones, MOST_SOUNDS))


def _read(word: str) -> tuple[str, ...]:
    """One syllable a sign; a place's name and what stands behind it are read apart."""
    return tuple(syllable for piece in PLACE_ENDS.split(word) if piece for syllable in _syllables(piece))


def _syllables(piece: str) -> list[str]:
    from pypinyin import lazy_pinyin  # a dictionary of 40 MB: only whoever writes a name loads it

    _teach()
    found = lazy_pinyin(piece, errors=lambda rest: [*rest])  # type: ignore[arg-type,return-value]
    return [folded(each)[:6] or sign for each, sign in zip(found, piece, strict=True)]


@lru_cache(maxsize=1)
def _teach() -> None:
    from pypinyin import load_phrases_dict

    load_phrases_dict({name: [[each] for each in said.split()] for name, said in PLACES.items()})


# --- the index --------------------------------------------------------------------------------------------------------
def signs_of(text: str, day: date | None = None) -> list[int]:
    """Numbers by which a text is found, and with a day the windows of days in which it lies."""
    grams = {gram for token in text.split(" ") for gram in _grams(token)}
    windows = [window(day, span) for span in SPANS] if day else []
    return sorted({*map(_number, grams), *windows})


def signs_asked(words: Iterable[str]) -> list[int]:
    """All of which a text must have to hold these words. None of a single letter, by which nothing is looked up."""
    return sorted({_number(gram) for word in words for gram in _grams_asked(word)})


def _grams(token: str) -> Iterator[str]:
    """Each pair; of letters the threes too, of all else each sign: two letters of a long text (CO) are found like any other word."""
    for place, sign in enumerate(token):
        pair, three = token[place : place + 2], token[place : place + 3]
        if not sign.isascii():
            yield sign
        if len(pair) == 2:
            yield pair
        if len(three) == 3 and three.isascii():
            yield three


def _grams_asked(word: str) -> Iterator[str]:
    if len(word) == 1:
        yield from [] if word.isascii() else [word]
    elif len(word) == 2:
        yield word
    else:
        for place in range(len(word) - 1):
            pair, three = word[place : place + 2], word[place : place + 3]
            if not pair.isascii():
                yield pair
            elif len(three) == 3 and three.isascii():
                yield three


def _number(gram: str) -> int:
    """A number of four bytes; two grams that share one cost a look at a text that is then passed over."""
    return crc32(gram.encode()) - (1 << 31)


# --- windows of days: a search that begins with the newest ------------------------------------------------------------
SPANS = (1, 4, 16, 64, 256, 1024)


def window(day: date, span: int) -> int:
    return _number(f"#{span} {day.toordinal() // span}")


def windows(day: date, span: int) -> list[int]:
    """The window of that day and the one before: at least a whole one, wherever in it the day lies."""
    number = day.toordinal() // span
    return [_number(f"#{span} {number - back}") for back in (0, 1)]


def next_span(span: int, found: int, wanted: int) -> int | None:
    """The next window in which there should be enough, by what this one held; None: all there is."""
    fitting: Sequence[int] = [each for each in SPANS if each > span and found * each // span >= 2 * wanted]
    return fitting[0] if fitting else None
