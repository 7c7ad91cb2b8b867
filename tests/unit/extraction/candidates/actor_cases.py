"""Sentences of the tests' own, each with the actors that code alone finds in it, in their order."""

#: Language, text, names.
CASES = [
    (
        "en",
        "Nordmark's interior minister, Petra Lindqvist, said that police would arrest leaders of the Harbour Workers Union. Residents stayed at home.",
        ["Nordmark", "Petra Lindqvist", "police", "Harbour Workers Union"],
    ),
    ("en", "Two diplomats who asked not to be named said the coast guard was on alert.", ["diplomats", "coast guard"]),
    (
        "fr",
        "Le Tchad fermera sa frontière, a prévenu le porte-parole du gouvernement, Mahamat Oumar Sakine. L'Union africaine a appelé à la retenue.",
        ["Tchad", "gouvernement", "Mahamat Oumar Sakine", "Union africaine"],
    ),
    (
        "es",
        "El Gobierno no negociará, reiteró la vicepresidenta Inés Valdivieso. Según fuentes militares, la Fuerza Aérea prepara vuelos.",
        ["Gobierno", "Inés Valdivieso", "fuentes militares", "Fuerza Aérea"],
    ),
    (
        "de",
        "Norwegen werde seine Grenze schließen, sagte Ministerpräsidentin Astrid Holm in Oslo. Das russische Außenministerium wies die Vorwürfe zurück.",
        ["Norwegen", "Astrid Holm", "russische Außenministerium"],
    ),
    (
        "it",
        "La Libia ha minacciato di affondare i pescherecci. Il sindaco di Mazara, Salvatore Giacalone, ha chiesto l'intervento del ministero della Difesa.",
        ["Libia", "Salvatore Giacalone", "ministero della Difesa"],
    ),
    (
        "pt",
        "Angola retirará as suas tropas, prometeu o general Tomás Kiala. A União Africana enviará observadores.",
        ["Angola", "Tomás Kiala", "União Africana"],
    ),
    ("pl", "Rząd Litwy wyśle saperów. Minister obrony Jonas Petrauskas odmówił komentarza.", ["Rząd Litwy", "Jonas Petrauskas"]),
    (
        "ru",
        "Казахстан приостановит поставки, предупредил министр Ержан Садыков. По данным разведки, группа «Чёрный камень» готовит взрыв.",
        ["Казахстан", "Ержан Садыков", "разведки", "Чёрный камень"],
    ),
    ("uk", "Молдова не пропустить колону, заявив міністр оборони Віктор Чобану.", ["Молдова", "Віктор Чобану"]),
    (
        "ar",
        "وقال وزير الداخلية التونسي كمال الشابي إن الحرس الوطني سينتشر في مدنين. ونفت الحكومة الليبية الاتهامات.",
        ["كمال الشابي", "الحرس الوطني", "الحكومة الليبية"],
    ),
    ("he", "שר הביטחון אורי לביא אמר כי חזית הדרום לא תפגע באזרחים.", ["אורי לביא", "חזית הדרום"]),
    ("tr", "Gürcistan, demiryolunu kapatacak, dedi Başbakan Levan Çikovani.", ["Gürcistan", "Levan Çikovani"]),
    ("zh", "外交部长桑托斯要求道歉。两名不愿具名的军方官员透露，空军已进入戒备。", ["桑托斯", "两名不愿具名的军方官员", "空军"]),
    ("ja", "ケストリア国防省は港を封鎖すると発表した。モラン外相は要求を拒否した。", ["ケストリア国防省", "モラン"]),
]
