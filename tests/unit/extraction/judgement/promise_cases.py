"""Sentences that hold a promise and sentences that hold none, decided by hand before any code read them: 120 in eight languages.

P a promise, a refusal or an assurance; N a fact, a forecast, a demand, an opinion. Before the bar stands who is drafted as the speaker.
"""

_CASES = """
en P Norvia|Norvia promised to send four frigates to the strait.
en P The president|The president said he would never abandon the islands.
en P Dorst|"We will answer every attack," Dorst told reporters.
en P Valdoria|Valdoria pledged to defend Tresia if it is attacked.
en P Norvia|Norvia refused to withdraw its troops from the border.
en P The ministry|The ministry assured its neighbours that the port stays open.
en P Kerr|Kerr said that her country is ready to help Tresia rebuild.
en P Marovia|Marovia reaffirmed its ironclad commitment to the treaty.
en N Norvia|Norvia moved two divisions to the border on Monday.
en N The storm|The storm will reach the coast by Friday, forecasters said.
en N Analysts|Analysts believe Valdoria will attack before the winter.
en N Tresia|Tresia urged Norvia to commit more troops.
en N Dorst|Dorst met the ambassador for two hours.
en N The report|The report describes how the base was built.
en N Marovia|Marovia was hit by three missiles last night.
fr P L'Orlane|L'Orlane s'engage à livrer six radars à la Tresia.
fr P Le ministre|Le ministre a promis que les troupes resteront sur place.
fr P Le président|Le président a assuré que son soutien était inébranlable.
fr P La Norvie|La Norvie refuse de négocier avec le Front.
fr P Dorst|« Nous répondrons à toute attaque », a déclaré Dorst.
fr P Le gouvernement|Le gouvernement se dit prêt à accueillir les blessés.
fr P L'Orlane|L'Orlane ne participera pas à cette opération, a-t-elle dit, et elle ne livrera aucune arme.
fr P Kerr|Kerr a garanti la sécurité de ses alliés.
fr N La Norvie|La Norvie a déplacé deux divisions vers la frontière.
fr N Les analystes|Les analystes estiment que la Norvie attaquera avant l'hiver.
fr N La Tresia|La Tresia a demandé à ses alliés de s'engager davantage.
fr N Le port|Le port a été fermé mardi après une alerte.
fr N Dorst|Dorst a rencontré l'ambassadeur pendant deux heures.
fr N Le rapport|Le rapport décrit la construction de la base.
fr N La tempête|La tempête pourrait atteindre la côte vendredi.
es P Norvia|Norvia prometió enviar cuatro fragatas al estrecho.
es P El presidente|El presidente se comprometió a defender las islas.
es P El ministro|El ministro aseguró que no retirará las tropas.
es P Dorst|"Responderemos a cada ataque", dijo Dorst.
es P Tresia|Tresia rechazó retirar sus soldados.
es P Kerr|Kerr dijo que su país está dispuesto a negociar.
es P Norvia|Norvia garantiza la seguridad de sus aliados.
es P El gobierno|El gobierno anunció que enviará ayuda militar.
es N Norvia|Norvia trasladó dos divisiones a la frontera.
es N Los analistas|Los analistas creen que Norvia atacará antes del invierno.
es N Tresia|Tresia pidió a sus aliados que se comprometan más.
es N El puerto|El puerto fue cerrado el martes.
es N Dorst|Dorst se reunió con el embajador.
es N El informe|El informe describe la construcción de la base.
es N La tormenta|La tormenta puede llegar a la costa el viernes.
de P Norvia|Norvia versprach, vier Fregatten in die Meerenge zu schicken.
de P Die Regierung|Die Regierung sagte zu, die Verwundeten aufzunehmen.
de P Der Präsident|Der Präsident versicherte, seine Unterstützung sei unerschütterlich.
de P Tresia|Tresia weigert sich, seine Truppen abzuziehen.
de P Dorst|„Wir werden auf jeden Angriff antworten“, sagte Dorst.
de P Kerr|Kerr erklärte, ihr Land sei bereit zu verhandeln.
de P Norvia|Norvia verpflichtet sich, die Insel zu verteidigen.
de P Der Minister|Der Minister sagte, er werde keine Waffen liefern.
de N Norvia|Norvia verlegte zwei Divisionen an die Grenze.
de N Analysten|Analysten erwarten, dass Norvia vor dem Winter angreifen wird.
de N Tresia|Tresia forderte seine Partner auf, mehr Hilfe zuzusagen.
de N Der Hafen|Der Hafen wurde am Dienstag geschlossen.
de N Dorst|Dorst traf den Botschafter zwei Stunden lang.
de N Der Bericht|Der Bericht beschreibt den Bau der Basis.
de N Der Sturm|Der Sturm könnte am Freitag die Küste erreichen.
it P La Norvia|La Norvia ha promesso di inviare quattro fregate.
it P Il presidente|Il presidente si è impegnato a difendere le isole.
it P Il ministro|Il ministro ha assicurato che le truppe resteranno.
it P Dorst|"Risponderemo a ogni attacco", ha detto Dorst.
it P La Tresia|La Tresia rifiuta di ritirare i soldati.
it P Kerr|Kerr ha detto che il suo paese è pronto a negoziare.
it P Il governo|Il governo ha annunciato che invierà aiuti militari.
it P La Norvia|La Norvia garantisce la sicurezza degli alleati.
it N La Norvia|La Norvia ha spostato due divisioni alla frontiera.
it N Gli analisti|Gli analisti ritengono che la Norvia attaccherà prima dell'inverno.
it N La Tresia|La Tresia ha chiesto agli alleati di impegnarsi di più.
it N Il porto|Il porto è stato chiuso martedì.
it N Dorst|Dorst ha incontrato l'ambasciatore.
it N Il rapporto|Il rapporto descrive la costruzione della base.
it N La tempesta|La tempesta potrebbe raggiungere la costa venerdì.
ru P Норвия|Норвия пообещала направить четыре фрегата в пролив.
ru P Президент|Президент заверил, что поддержка останется непоколебимой.
ru P Министр|Министр заявил, что войска будут стоять до конца.
ru P Дорст|«Мы ответим на каждую атаку», сказал Дорст.
ru P Тресия|Тресия отказалась выводить войска.
ru P Керр|Керр сказала, что её страна готова к переговорам.
ru P Норвия|Норвия обязалась защищать остров.
ru P Правительство|Правительство гарантирует безопасность союзников.
ru N Норвия|Норвия перебросила две дивизии к границе.
ru N Аналитики|Аналитики считают, что Норвия нападёт до зимы.
ru N Тресия|Тресия призвала союзников дать больше обещаний.
ru N Порт|Порт был закрыт во вторник.
ru N Дорст|Дорст встретился с послом.
ru N Доклад|Доклад описывает строительство базы.
ru N Шторм|Шторм может достичь берега в пятницу.
ar P نورفيا|تعهدت نورفيا بإرسال أربع فرقاطات إلى المضيق.
ar P الرئيس|أكد الرئيس أن دعمه سيبقى ثابتا.
ar P الوزير|وعد الوزير بحماية الجزر.
ar P دورست|قال دورست: «سنرد على كل هجوم».
ar P تريسيا|رفضت تريسيا سحب قواتها من الحدود.
ar P كير|قالت كير إن بلادها مستعدة للتفاوض.
ar P نورفيا|ضمنت نورفيا أمن حلفائها.
ar P الحكومة|أعلنت الحكومة أنها لن تتخلى عن حلفائها.
ar N نورفيا|نقلت نورفيا فرقتين إلى الحدود يوم الاثنين.
ar N المحللون|يعتقد محللون أن نورفيا ستهاجم قبل الشتاء.
ar N تريسيا|دعت تريسيا حلفاءها إلى التعهد بالمزيد.
ar N الميناء|أغلق الميناء يوم الثلاثاء.
ar N دورست|التقى دورست السفير لمدة ساعتين.
ar N التقرير|يصف التقرير بناء القاعدة.
ar N العاصفة|قد تصل العاصفة إلى الساحل يوم الجمعة.
zh P 诺维亚|诺维亚承诺向海峡派出四艘护卫舰。
zh P 总统|总统保证他的支持坚定不移。
zh P 部长|部长表示,我们绝不会放弃这些岛屿。
zh P 多斯特|“我们将回应每一次袭击,”多斯特说。
zh P 特雷西亚|特雷西亚拒绝撤出部队。
zh P 科尔|科尔说她的国家愿意谈判。
zh P 诺维亚|诺维亚发誓保卫该岛。
zh P 政府|政府宣布,它将向盟国提供军事援助。
zh N 诺维亚|诺维亚周一向边境调动了两个师。
zh N 分析人士|分析人士认为诺维亚将在冬天之前进攻。
zh N 特雷西亚|特雷西亚敦促盟国作出更多承诺。
zh N 港口|港口周二关闭。
zh N 多斯特|多斯特会见了大使。
zh N 报告|报告描述了基地的建设。
zh N 风暴|风暴可能在周五到达海岸。
"""

#: Language, whether it holds a promise, who is drafted as the speaker, the sentence.
CASES = [(line[:2], line[3] == "P", *line[5:].split("|")) for line in _CASES.strip().splitlines()]
