"""What phrases name, decided by hand before any code read them: twelve languages, five natures.

M military, G of a government, MG both, C civilian, D serves civilians as well and nothing says more, N nothing that can be told.
"""

_CASES = """
en M  the naval base at Cape Orsk
en M  Kestrian army barracks
en M  two dozen soldiers
en M  the air defence battery near Teln
en M  a convoy of military trucks
en M  General Ilan Dorst
en M  the military airport
en M  the headquarters of the Third Army
en M  Front fighters
en G  the ministry of health building
en G  the defence ministry
en G  the embassy of Norvia in Teln
en G  senior government officials
en G  police headquarters
en G  the supreme court
en G  the presidential palace
en G  an intelligence agency
en G  the ambassador's residence
en MG military and government facilities
en MG army bases and ministries
en C  the military hospital
en C  a government school
en C  soldiers' families
en C  military-age men
en C  hospital officials
en C  army doctors
en C  the defence minister's children
en C  military bases and hospitals
en C  housing units
en C  a refugee camp near the base
en D  the main airport
en D  power plants
en D  a railway bridge
en N  the territory
en N  the compound
en N  the former defence minister
en N  army barber
fr M  la base navale de Teln
fr M  des soldats
fr M  l'état-major
fr M  un dépôt de munitions
fr M  des hauts responsables militaires
fr M  l'aéroport militaire
fr M  plusieurs casernes de l'armée
fr G  le bâtiment du ministère de la Santé
fr G  un commissariat
fr G  le ministre de la Défense
fr G  une mission diplomatique
fr G  le siège de la police
fr MG des cibles militaires et gouvernementales
fr C  l'hôpital militaire
fr C  une école de police
fr C  les familles des soldats
fr C  des installations civiles
fr C  des médecins de l'armée
fr D  un pont
fr D  la centrale électrique
fr N  son territoire
fr N  l'ancien ministre
fr N  coiffeur de l'armée
es M  el cuartel general del ejército
es M  una base aérea
es M  los soldados
es M  instalaciones militares
es G  la embajada de Norvia
es G  edificios gubernamentales
es G  la Guardia Civil
es G  el ministerio de Sanidad
es C  el hospital militar
es C  la escuela
es C  mujeres y niños
es D  el aeropuerto
es N  la frontera
de M  das Hauptquartier der Armee
de M  ein Munitionslager
de M  Militäranlagen
de M  die Soldaten
de M  der Militärflughafen
de G  das Verteidigungsministerium
de G  die Botschaft
de G  Regierungsgebäude
de G  der Verteidigungsminister
de MG Regierungs- und Militäranlagen
de C  Militärkrankenhaus
de C  das Krankenhaus der Bundeswehr
de C  Soldatenfamilien
de C  eine Grundschule
de D  der Flughafen
de D  Kraftwerke
de N  das Gelände
it M  la caserma dei soldati
it M  obiettivi militari
it G  il ministero della Salute
it G  un commissariato di polizia
it C  l'ospedale militare
it C  le famiglie dei militari
it D  il porto
pt M  o quartel do exército
pt M  navios de guerra
pt G  o ministério da Saúde
pt G  a embaixada
pt C  o hospital militar
pt C  crianças
pt D  uma refinaria
ru M  военная база
ru M  склад боеприпасов
ru M  военный аэродром
ru M  иранские военные объекты
ru M  подразделения армии
ru G  здание министерства здравоохранения
ru G  посольство Норвии
ru G  правительственные здания
ru G  мэр города
ru MG военные и правительственные объекты
ru C  госпиталь министерства обороны
ru C  военный госпиталь
ru C  военные больницы
ru C  семьи военнослужащих
ru D  аэропорт
ru D  электростанция
ru N  территория
uk M  військова частина
uk M  склад боєприпасів
uk G  будівля міністерства охорони здоров'я
uk G  поліцейський
uk C  військовий шпиталь
uk C  цивільні об'єкти
uk C  житлові будинки
uk D  міст
ar M  القاعدة العسكرية
ar M  جنود الجيش
ar M  مستودع ذخيرة
ar M  أهداف عسكرية
ar G  وزارة الصحة
ar G  مبنى الوزارة
ar G  السفارة
ar G  مركز الشرطة
ar MG أهداف عسكرية وحكومية
ar C  المستشفى العسكري
ar C  عائلات الجنود
ar C  مدرسة حكومية
ar D  المطار
he M  בסיס חיל האוויר
he M  מתקנים צבאיים
he M  חיילים
he G  משרד הביטחון
he G  השגרירות
he G  תחנת משטרה
he C  בית החולים הצבאי
he C  משפחות החיילים
he D  שדה התעופה
tr M  askeri üs
tr M  ordu karargahı
tr G  Savunma Bakanlığı
tr G  hükümet binası
tr G  polis merkezi
tr C  askeri hastane
tr C  asker aileleri
tr C  devlet okulu
tr D  havalimanı
zh M  空军基地
zh M  军事设施
zh M  士兵
zh G  国防部
zh G  政府大楼
zh G  大使馆
zh MG 军事和政府目标
zh C  军医院
zh C  军人家属
zh C  居民楼
zh D  机场
fa M  پایگاه نظامی
fa M  سربازان
fa G  وزارت دفاع
fa G  سفارت
fa C  بیمارستان نظامی
fa D  فرودگاه
pl M  baza wojskowa
pl M  żołnierze
pl G  ministerstwo obrony
pl G  ambasada
pl C  szpital wojskowy
pl C  rodziny żołnierzy
pl D  lotnisko
"""

#: Language, nature, phrase.
CASES = [(line[:2], line[3:5].strip(), line[6:]) for line in _CASES.strip().splitlines()]
