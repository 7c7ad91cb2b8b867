"""Cues: the words without which a sentence is hardly a threat or a commitment, by their beginnings, in the languages of which the list is long enough to trust.

They save a small model from looking where there is nothing, and its reader from what it then makes up. A larger model is not held to them.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import regex

from schemas.vocabulary import Section
from service.extraction.lexicons import primary_subtag

_THREAT = {
    "en": "threat warn attack strike struck bomb shell missile rocket drone retaliat invad invasion offensive war assault sanction seiz blockade kill destroy "
    "hit fire ultimatum respond punish escalat raid wipe target",
    "fr": "menac averti avertiss attaqu frapp bombard missile roquette drone représaill riposte invas offensiv guerre assaut sanction saisi blocus "
    "tuer détrui viser "
    "visé tir ultimatum répondr punir escalad raid prendre",
    "es": "amenaz advert atac ataque golpe bombard misil cohete dron represal respond invad invasi ofensiv guerra asalt sancion bloque matar destru "
    "ultimátum castig",
    "de": "droh warn angr angriff schlag bombard rakete drohne vergelt einmarsch invasion offensiv krieg sturm sanktion blockade töt zerstör "
    "ultimatum beschuss "
    "beschieß treffen",
    "ru": "угро угрож предупре атак удар бомб ракет дрон беспилот возмезд вторж наступ войн штурм санкц блокад уничтож ультимат обстрел",
    "uk": "загро погро попере атак удар бомб ракет дрон безпілот помст вторгн наступ війн штурм санкц блокад знищ ультимат обстріл",
    "ar": "هدد تهديد يهدد حذر تحذير هجوم هاجم يهاجم ضرب ضربة قصف صاروخ صواريخ مسير طائرة رد انتقام غزو حرب عقوب حصار قتل تدمير إنذار استهد",
    "zh": "威胁 警告 攻击 袭击 打击 轰炸 导弹 火箭 无人机 报复 入侵 战争 进攻 制裁 封锁 摧毁 最后通牒",
}
_COMMITMENT = {
    "en": "will would won't shall promis pledg vow commit assur guarante swear swore agree offer refus reject ready prepared never unwavering ironclad support "
    "stand deliver send",
    "fr": "promet promis promesse engag assur garanti jur accept refus exclu rejet prêt soutien souten soutiendr jamais inébranlable enverr livrer répondr "
    "céde cède \\p{L}+r(?:a|ons|ez|ont)\b",
    "es": "prome compromet asegur garant jur acept rechaz niega negó dispuest apoy nunca respald envi \\p{L}+r(?:á|án|emos|é|ía|ían)\\b",
    "de": "werd wird würd versprech versprach zusag verpflicht garantier schwör lehn weiger bereit unterstütz nie niemals zusicher sicher liefer steh",
    "ru": "обеща обязал обязу гаранти клян отказ откло готов поддерж никогда буд не\\b намер постав",
    "uk": "обіця зобов гарант клян відмов відхил готов підтрим ніколи буд не\\b намір постав",
    "ar": "وعد تعهد التزم التزام ضمن أكد رفض مستعد استعداد دعم لن سوف سن سي سيرسل يواصل",
    "zh": "将 会 承诺 保证 誓 同意 拒绝 支持 准备 绝不 不会 愿意",
}
_CUES: Mapping[Section, Mapping[str, str]] = {Section.THREATS: _THREAT, Section.COMMITMENTS: _COMMITMENT}


def sentences_with_cues(section: Section, sentences: Sequence[str], language: str) -> list[str] | None:
    """Return which of `sentences` may hold an entry of `section`; None where nobody can say: of other sections and other languages."""
    pattern = _pattern(section, primary_subtag(language))
    return None if pattern is None else [sentence for sentence in sentences if pattern.search(sentence)]


@cache
def _pattern(section: Section, language: str) -> regex.Pattern[str] | None:
    stems = _CUES.get(section, {}).get(language)
    if stems is None:
        return None
    # Chinese writes no spaces; Arabic writes and, then, the onto the word.
    start = {"zh": "", "ar": r"(?<!\p{L})(?:[وف]?(?:ال)?)?"}.get(language, r"(?<!\p{L})")
    return regex.compile(f"{start}(?:{'|'.join(stems.split())})", regex.IGNORECASE)
