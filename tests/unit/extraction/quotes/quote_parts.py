"""The parts that tests of quotes share: texts in ten scripts, quotes of them under other typography, and quotes that nobody said."""

import random
import unicodedata
from collections.abc import Callable

import regex

#: A text a script, with numbers, quotation marks, apostrophes and the marks of its own.
TEXTS = {
    "Latin, French": "Le ministre de la Défense d’Orlane a déclaré mercredi : « L’armée ne quittera pas la base navale avant le 14 "
    "avril. » Près de 33\u202f000 soldats, "
    "dont 2\u202f500 officiers, pourraient être envoyés à la frontière – l’œuvre coûte 1,2 milliard – et Valmer n’a pas répondu aux trois lettres de Kestria.",
    "Latin, English": "Valmer’s foreign minister said on Tuesday that its fleet might leave the harbour of Orlane before March. “We "
    "will not fire first,” Ilan Dorst "
    "told reporters — but 48 hours later the office could not confirm that five ships had sailed to Norvia with "
    "3.5 tonnes of fuel, if the weather had allowed it.",
    "Latin, German": "Die Regierung von Kestrien kündigte am Montag an, dass 1.200 Soldaten die Straße zum Hafen noch im Mai "
    "schließen könnten. „Wir werden nicht "
    "angreifen“, sagte Präsident Vale, doch drei Offiziere widersprachen; der größte Konvoi müsste in 36 Stunden außerhalb der Zone sein.",
    "Cyrillic": "Министр обороны заявил во вторник, что войска Валмера не покинут границу до 15 мая. «Мы можем нанести удар "
    "ракетами через 48 часов», — сказал Иван Дорст; "
    "ещё три бригады будут направлены в Орлан, но никто не подтвердил, что 2\u00a0500 солдат уже прибыли.",
    "Greek": "Ο υπουργός Άμυνας της Ορλάνης δήλωσε την Τρίτη: «Δεν θα αποσύρουμε τα 1.500 στρατεύματα». Σύμφωνα με τρεις "
    "πηγές, ο στόλος μπορεί να αποπλεύσει σε 48 ώρες.",
    "Arabic": "قالَ وزيرُ الدفاعِ يوم الثلاثاء إنّ القوات لن تغادر القاعدة قبل ١٥ مايو. «قد نرد خلال 48 ساعة»، أضاف المتحدث، "
    "وبلغ العـــدد ٢٥٠٠ جندي في ثلاث قواعد.",
    "Hebrew": "שַׂר הביטחון אמר ביום שלישי: „הכוחות לא יעזבו את הגבול לפני 15 במאי”. לדברי שלושה מקורות, הצי עלול לצאת תוך 48 שעות לנמל אורלן.",
    "Devanagari": "रक्षा मंत्री ने मंगलवार को कहा कि सेना 15 मई से पहले सीमा नहीं छोड़ेगी। “हम ४८ घंटे में जवाब दे सकते हैं”, उन्होंने कहा; तीन जहाज़ बंदरगाह पर हैं।",
    "Han": "国防部长周二表示：“部队不会在5月15日之前撤离边境。”消息人士称，舰队可能在48小时内出发，三艘军舰已抵达奥兰港，约2500名士兵待命。",
    "Kana": "防衛大臣は火曜日、「部隊は５月15日まで国境を離れない」と述べた。"
    "関係者によると、艦隊は48時間以内に出航する可能性があり、三隻の軍艦がオルラン港に着いた。",
    "Hangul": "국방부 장관은 화요일 “군대는 5월 15일 전에 국경을 떠나지 않을 것”이라고 말했다. "
    "소식통은 함대가 48시간 안에 출항할 수 있다고 전했으며 군함 세 척이 도착했다.",
    "Thai": "รัฐมนตรีกลาโหมกล่าวเมื่อวันอังคารว่า “กองทัพจะไม่ออกจากชายแดนก่อนวันที่ 15 พฤษภาคม” และกองเรืออาจออกเดินทางภายใน 48 ชั่วโมง",
}
#: One thing of a text that says something, and what a model might say in its place.
SWAPS = {
    "Latin, French": "ne quittera pas>quittera|33\u202f000>53\u202f000|2\u202f500>2\u202f400|pourraient>pourront|mercredi>mardi"
    "|avril>mai|Valmer>Norvia|trois>quatre"
    "|déclaré>démenti|1,2>1,3|Kestria>Valmer|n’a pas répondu>a répondu|avant>après|quittera>quitterait|Défense>Justice|soldats>civils|milliard>million",
    "Latin, English": "will not fire>will fire|might>will|Tuesday>Thursday|March>April|48>72|five>nine|could not confirm>could confirm"
    "|Norvia>Kestria|3.5>3.6|Dorst>Dorster"
    "|minister>ministry|before>after|told>denied to|later>earlier|harbour>port|Valmer’s>Norvia’s|fleet>army|if the>and the",
    "Latin, German": "1.200>1.300|Montag>Sonntag|Mai>Juni|könnten>konnten|nicht angreifen>angreifen|werden nicht>würden nicht"
    "|drei>vier|müsste>musste|36>63|Vale>Vahl"
    "|widersprachen>sprachen|außerhalb>innerhalb|schließen>öffnen|größte>kleinste|noch>nicht|sagte>leugnete",
    "Cyrillic": "не покинут>покинут|во вторник>в среду|15 мая>16 мая|можем>будем|48>84|три>две|Валмера>Норвии|Иван>Олег"
    "|никто не подтвердил>подтвердил|2\u00a0500>2\u00a0600|уже>не"
    "|ракетами>бомбами|будут>были|границу>столицу|войска>жители|сказал>отрицал",
    "Greek": "Δεν θα>Θα|Τρίτη>Πέμπτη|1.500>1.600|τρεις>πέντε|μπορεί>πρέπει|48>72|Ορλάνης>Νορβίας|στόλος>στρατός",
    "Arabic": "لن تغادر>تغادر|الثلاثاء>الأربعاء|١٥>١٦|مايو>يونيو|قد نرد>سوف نرد|48>72|٢٥٠٠>٢٤٠٠|ثلاث>أربع|القاعدة>المدينة",
    "Hebrew": "לא יעזבו>יעזבו|שלישי>רביעי|15>16|במאי>ביוני|שלושה>ארבעה|עלול>חייב|48>72|אורלן>נורביה",
    "Devanagari": "नहीं छोड़ेगी>छोड़ेगी|मंगलवार>बुधवार|15>16|मई>जून|४८>७२|सकते>चुके|तीन>चार|सेना>जनता",
    "Han": "不会>会|周二>周三|5月>6月|15日>16日|可能>将|48>72|三艘>四艘|奥兰>诺维|2500>2600|撤离>进入",
    "Kana": "離れない>離れる|火曜>水曜|15>16|48>72|三隻>四隻|可能性>必要|オルラン>ノルビア",
    "Hangul": "떠나지 않을>떠날|화요일>수요일|15>16|48>72|세 척>네 척|군함>어선",
    "Thai": "จะไม่ออก>จะออก|วันอังคาร>วันพุธ|15>16|อาจออก>ต้องออก|48>72",
}
#: What the texts say, said otherwise or in another language.
RETOLD = {
    "Latin, French": [
        "The minister said that the army would not leave the naval base before 14 April",
        "L’armée restera dans le port jusqu’à la mi-avril, dit le ministre",
    ],
    "Latin, English": [
        "Le ministre a dit que la flotte pourrait quitter le port avant mars",
        "The ships may sail before spring, according to the foreign minister",
    ],
    "Cyrillic": ["The troops of Valmer will not leave the border before 15 May", "Войска останутся на границе как минимум до середины мая"],
    "Han": ["The troops will not withdraw from the border before May 15", "防长周二称，军队至少在五月中旬前留守边界"],
    "Arabic": ["The forces will not leave the base before 15 May", "أكد الوزير بقاء القوات في القاعدة حتى منتصف الشهر المقبل"],
}

#: Numbers are words with their marks; so is each sign of a script without spaces.
_SPAN_WORD = regex.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*|[\p{Han}\p{Hiragana}\p{Katakana}]|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}])[\p{L}\p{M}])+")
_NUMBER_INSIDE = regex.compile(r"\d[.,\u00a0\u202f]\d")
_TRANSLATED = {
    "'": "’",
    "’": "'",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": "»",
    "„": "“",
    "—": "-",
    "–": "—",
    "-": "‑",
    "。": ".",
    "，": ",",
    "：": ":",
    "、": "､",
    ",": "，",
}


def _between_words(words: str, put: Callable[[str], str]) -> str:
    return regex.sub(r"(?<!\d) (?!\d)", lambda match: put(match[0]), words)


def _in_words(words: str, put: str, of: str) -> str:
    return regex.sub(rf"(?<=[{of}])(?=[{of}])", put, words)


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "signs": lambda words, _: (
        "".join(_TRANSLATED.get(char, char) if not char.isdigit() else char for char in words)
        if not _NUMBER_INSIDE.search(words)
        else words.replace("’", "'").replace("«", '"')
    ),
    "no-break spaces": lambda words, _: _between_words(words, lambda _: "\u00a0"),
    "narrow spaces": lambda words, _: words.replace("\u202f", " ").replace(" ", "\u202f") if not regex.search(r"\d \d", words) else words,
    "two spaces": lambda words, _: _between_words(words, lambda _: "  "),
    "lines": lambda words, dice: _between_words(words, lambda _: dice.choice([" ", "\n", "\r\n", " \n"])),
    "upper case": lambda words, _: words.upper(),
    "lower case": lambda words, _: words.lower(),
    "title": lambda words, _: words.title(),
    "composed": lambda words, _: unicodedata.normalize("NFC", words),
    "decomposed": lambda words, _: unicodedata.normalize("NFD", words),
    "compatible": lambda words, _: unicodedata.normalize("NFKC", words).replace("\u0020\u0020", " "),
    "soft hyphens": lambda words, _: _in_words(words, "\u00ad", r"\p{L}"),
    "zero-width spaces": lambda words, _: _between_words(words, lambda space: space + "\u200b"),
    "no vowel points": lambda words, _: regex.sub(r"[\u064B-\u0652\u0670\u05B0-\u05C7]", "", words),
    "vowel points": lambda words, _: regex.sub(r"(?<=[\u0628-\u064A])", "\u064e", words),
    "tatweel": lambda words, _: _in_words(words, "\u0640", r"\u0628\u0633-\u0638\u0641-\u0647"),
    "Arabic digits": lambda words, _: words.translate({48 + digit: 0x660 + digit for digit in range(10)}),
    "Indic digits": lambda words, _: words.translate({48 + digit: 0x966 + digit for digit in range(10)}),
    "plain digits": lambda words, _: "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in words),
    "full-width digits": lambda words, _: words.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    "ligatures": lambda words, _: words.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("oe", "œ"),
    "no ligatures": lambda words, _: words.replace("œ", "oe").replace("ß", "ss").replace("Œ", "Oe"),
    "spaces in Han": lambda words, _: regex.sub(r"(?<=\p{Han})(?=\d)|(?<=\d)(?=\p{Han})", " ", words),
    "quotation marks around": lambda words, dice: dice.choice(["«\u00a0{}\u00a0»", "“{}”", '"{}"', "「{}」", "‹{}›"]).format(words),
    "full stop": lambda words, dice: words + dice.choice([".", "…", "。", " ...", "!"]),
}


def typed_otherwise(dice: random.Random) -> tuple[str, str, tuple[int, int], tuple[str, ...]]:
    """Return a text, some words of it under other typography, where they stand, and what was changed of them."""
    text = TEXTS[dice.choice(sorted(TEXTS))]
    spans = [match.span() for match in _SPAN_WORD.finditer(text)]
    first = dice.randrange(len(spans) - 3)
    last = dice.randrange(first + 2, min(first + 25, len(spans)))
    start, end = spans[first][0], spans[last][1]
    words = text[start:end]
    changes = tuple(dice.sample(sorted(CHANGES), dice.choice([1, 1, 2, 3])))
    for change in changes:
        words = CHANGES[change](words, dice)
    return text, words, (start, end), changes


def nobody_said(dice: random.Random) -> tuple[str, str]:
    """Return a text and a quote that is not in it: words recombined, one thing changed that matters, or all of it told otherwise."""
    name = dice.choice(sorted(TEXTS))
    text, how = TEXTS[name], dice.choice(["shuffled", "recombined", "swapped", "swapped", "swapped", "inserted", "left out", "retold"])
    spans = [match.span() for match in _SPAN_WORD.finditer(text)]
    if how == "retold" and name in RETOLD:
        return text, dice.choice(RETOLD[name])
    if how in {"shuffled", "recombined"}:
        first = dice.randrange(max(len(spans) - 12, 1))
        chosen = spans[first : first + 12] if how == "shuffled" else dice.sample(spans, min(10, len(spans)))
        words = [text[slice(*span)] for span in chosen]
        dice.shuffle(words)
        return text, " ".join(words)
    before, _, after = dice.choice(SWAPS[name].split("|")).partition(">")
    at = text.index(before)
    if how == "swapped":
        return text, _around(text, (at, at + len(before)), after, spans, dice)
    inner = dice.randrange(len(spans) // 4, len(spans) * 3 // 4)
    start, end = spans[inner]
    if how == "left out" and len(text[start:end]) > 4:
        return text, _around(text, (start, end), "", spans, dice)
    alien = {
        "Han": "核武",
        "Kana": "核兵器",
        "Hangul": "핵무기",
        "Thai": "นิวเคลียร์",
        "Arabic": "النووية",
        "Hebrew": "גרעיני",
        "Devanagari": "परमाणु",
        "Cyrillic": "ядерный",
    }
    return text, _around(text, (start, start), alien.get(name, "nuclear") + " ", spans, dice)


def _around(text: str, span: tuple[int, int], put: str, spans: list[tuple[int, int]], dice: random.Random) -> str:
    """Return the text from some words before a span to some behind it, with `put` in its place."""
    start, end = span
    low = max([at for at, _ in spans if at < start][-dice.randrange(4, 12) :][:1], default=0)
    high = ([at for _, at in spans if at > end][: dice.randrange(4, 12)] or [len(text)])[-1]
    return f"{text[low:start]}{put}{text[end:high]}"
