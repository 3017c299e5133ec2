"""Small words and numbers: English | German | French | Spanish | Italian | Portuguese | Dutch. A dash where there
    is none.

An empty meaning (`~`) leaves the word out.
"""

from __future__ import annotations

SMALL = """
the | der, die, das, dem, den, des | le, la, les, l' | el, la, los, las | il, lo, la, i, gli, le, l' | o, a, os, as
    | de, het
a | ein, eine, einen, einem, einer, eines | un, une | un, una | un, uno, una, un' | um, uma | een
some | einige, ein paar | des, quelques | unos, unas, unos cuantos | alcuni, alcune | uns, umas, alguns, algumas |
    enkele, wat
in a | in einem, in einer | dans un, dans une | en un, en una | in un, in una, in un' | num, numa, em um, em uma |
    in een
a lake | - | - | - | - | - | een meer, het meer, stil meer
of | von, vom | de, du, d' | de, del | di, del, della, dello, dei, delle, degli, dell', d' | de, do, da, dos, das |
    van
in the | im, ins | au coeur du | en el, en la, en los | nel, nella, nello, nelle, nei, nell', sul, sulla | no, na,
    nos, nas | -
in | in | dans, en | en | in | em | in
at | bei, am, um | - | - | - | - | bij, om
at night | bei nacht, nachts, in der nacht | de nuit, la nuit, dans la nuit | de noche, por la noche, en la noche |
    di notte, nella notte, notturno | a noite, de noite, noturno | 's nachts, in de nacht, bij nacht
by day | bei tag, am tag, tagsueber | de jour, le jour, en plein jour | de dia | di giorno | de dia | overdag
at dawn | im morgengrauen, bei tagesanbruch, bei sonnenaufgang | a l'aube, au lever du soleil | al amanecer, al alba
    | all'alba | ao
    amanhecer, de madrugada | bij dageraad, bij zonsopgang
in the morning | am morgen, morgens | le matin, au matin | por la manana, de manana | al mattino, di mattina | de
    manha, pela manha | 's ochtends, in de ochtend
at noon | am mittag, mittags, zur mittagszeit | a midi | al mediodia, a mediodia | a mezzogiorno | ao meio-dia | op
    het middaguur, 's middags
at sunset | bei sonnenuntergang | au coucher du soleil, au soleil couchant | al atardecer, en la puesta de sol | al
    tramonto | ao por do sol, ao entardecer | bij zonsondergang
at dusk | in der daemmerung, bei einbruch der dunkelheit, in der abenddaemmerung | au crepuscule, a la tombee de la
    nuit | al anochecer, al crepusculo | al crepuscolo, all'imbrunire | ao anoitecer, ao crepusculo | in de
    schemering, bij het vallen van de avond
on | auf, an | sur | sobre | su | sobre | op
over | ueber, uebers | au-dessus de, au-dessus du, au-dessus d', par-dessus, survole, survolant | sobre, por encima
    de | sopra, sorvola | sobre, por cima de | over, boven
under | unter, unterm | sous | bajo, debajo de | sotto | sob, debaixo de | onder
underwater | unter wasser | sous l'eau | bajo el agua | sott'acqua | debaixo de agua, debaixo d'agua | onder water
through | durch, durchs | a travers, par | a traves de, por | attraverso | atraves de, por | door
with | mit | avec | con | con, col | com | met
without | ohne | sans | sin | senza | sem | zonder
no | kein, keine, keinen, keinem, keiner | pas de, pas d', aucun, aucune, ni | ningun, ninguna, nada de | nessun,
    nessuna, niente | nenhum, nenhuma, nada de | geen
nobody | niemand, menschenleer | personne, il n'y a personne | nadie | nessuno | ninguem | niemand
nobody there | niemand da, niemand ist da | personne la, il n'y a personne | sin nadie, no hay nadie, nadie alli |
    nessuno in giro, non c'e nessuno | sem ninguem, ninguem la | niemand daar, er is niemand
not | nicht | ne, n', pas | - | non | nao | niet
and | und | et | y, e | e, ed | e | en
or | oder | ou | o, u | o, oppure | ou | of
nor | noch, auch kein, auch keinen | ni | ni | ne | nem | noch
but | aber, jedoch | mais | pero | ma | mas | maar
for | fuer | pour | para | per | para | voor
from | von, aus, vom | depuis | desde | da, dal, dalla | desde | uit, vanaf
to | zu, zum, zur, bis, nach | vers, jusqu'a, jusqu' | hacia, hasta | verso, fino a | ate, para | naar, tot
like | wie | comme | como | come | como | zoals
as | als | - | - | - | - | als
all over | ueberall in, ueber der ganzen | partout dans | por toda | per tutta | por toda | overal in
only | nur | seulement, juste | solo, solamente | solo, soltanto | so, somente, apenas | alleen, slechts
just | einfach | simplement | simplemente | semplicemente | simplesmente | gewoon
very | sehr | tres | muy | molto | muito | heel, erg, zeer
exactly | genau | exactement | exactamente | esattamente | exatamente | precies
please | bitte | s'il te plait, s'il vous plait | por favor | per favore, per piacere | por favor | alsjeblieft,
    alstublieft
can you make | kannst du, koennt ihr | peux-tu faire, tu peux faire | puedes hacer | puoi fare, puoi far | podes
    fazer, voce pode fazer, pode fazer | kun je, kan je
it rains | es regnet, regnet es, regnet | il pleut | llueve | piove | chove | regent het, het regent
it begins to rain | faengt es an zu regnen, beginnt es zu regnen, faengt der regen an | il commence a pleuvoir, il
    se met a pleuvoir | empieza a llover, comienza a llover | inizia a piovere, comincia a piovere | comeca a chover
    | begint het te regenen
it snows | es schneit, schneit es | il neige | nieva | nevica | esta nevando | het sneeuwt, sneeuwt het
snow | schneien, schneien lassen | neiger | nevar | nevicare | nevar | sneeuwen
rain | regnen | pleuvoir | llover | piovere | chover | regenen
first | zuerst, erst, anfangs, zunaechst | d'abord, au debut | primero, al principio | prima, all'inizio, dapprima |
    primeiro, no inicio, no comeco | eerst, eerst
then | dann, danach | puis, ensuite | luego, despues, entonces | poi, dopo | depois, entao, em seguida | dan,
    daarna, vervolgens
finally | schliesslich, zuletzt, am ende, zum schluss | enfin, finalement, a la fin | finalmente, por ultimo, al
    final | infine, alla fine | finalmente, por fim, no fim, no final | uiteindelijk, ten slotte, tenslotte, aan het
    eind, op het einde
starts | beginnt, faengt an | commence, commencez | empieza, comienza | inizia, comincia | comeca | begint, begin
ends | endet, hoert auf | finit, se termine, termine | termina, acaba | finisce | termina, acaba | eindigt, eindig
after | nach | apres | despues de, tras | dopo | depois de, apos | na
before | vor, bevor | avant | antes de | prima di | antes de | voor
circles | kreist | tourne, tournoie, decrit des cercles | da vueltas, vuela en circulos, circula | volteggia, gira |
    circula, voa em circulos | cirkelt
crosses | durchquert, ueberquert | traverse | cruza, cruzando, atraviesa | attraversa | atravessa, atravessando,
    cruza | doorkruist, steekt over
flies | fliegt | vole | vuela | vola | voa | vliegt
swims | schwimmt | nage | nada | nuota | nada | zwemt
floats down | treibt | descend, flotte | flota, baja | scende, galleggia | flutua, desce | drijft
walks | geht, laeuft | marche | camina | cammina | caminha, anda | loopt, wandelt
seen from far away | von weitem, von weit weg gesehen, aus der ferne | vu de loin, vue de loin, de loin | vista de
    lejos, visto de lejos, desde lejos | vista da lontano, visto da lontano, da lontano | vista de longe, visto de
    longe, de longe | van veraf gezien, van ver weg, vanuit de verte
top-down view | von oben, draufsicht, vogelperspektive | vu d'en haut, vue d'en haut, vue du dessus, vu du dessus |
    vista desde arriba, visto desde arriba, vista cenital | vista dall'alto, visto dall'alto | visto de cima, vista
    de cima | van bovenaf, bovenaanzicht
the camera must not move | die kamera darf sich nicht bewegen, die kamera bewegt sich nicht, feste kamera | la
    camera ne doit pas bouger, la camera ne bouge pas, camera fixe | la camara no debe moverse, la camara no se
    mueve, camara fija | la camera non deve muoversi, la cinepresa non si muove, camera fissa | a camera nao deve
    mexer, a camera nao se move, a camera nao pode se mexer, camera fixa | de camera mag niet bewegen, de camera
    beweegt niet, vaste camera
handheld | handkamera, aus der hand | camera a l'epaule, a l'epaule | camara en mano | camera a mano, macchina a
    mano | camera na mao | uit de hand
close-up | nahaufnahme, grossaufnahme | gros plan | primer plano | primo piano | primeiro plano, grande plano |
    close-up
wide | totale, weit | plan large, large | plano general | campo lungo, totale | plano geral | totaal, wijd
orbit | kreisfahrt, umkreist | tourne autour, en orbite | orbita, gira alrededor | orbita, gira intorno | orbita,
    gira em torno | draait om
fast cuts | schnelle schnitte | montage rapide, coupes rapides, plans rapides | cortes rapidos, montaje rapido |
    tagli rapidi, tagli veloci, montaggio veloce | cortes rapidos, montagem rapida | snelle cuts, snelle montage
slow piano | langsames klavier | piano lent | piano lento | pianoforte lento | piano lento | langzame piano
in a minor | in a-moll | en la mineur | en la menor | in la minore | em la menor | in a mineur, in a-mineur
high up | hoch oben | tout en haut, la-haut | en lo alto | in alto | la no alto, no alto | hoog boven, hoog in
half a minute | eine halbe minute, halbe minute | une demi-minute, demi-minute | medio minuto | mezzo minuto | meio
    minuto | een halve minuut, halve minuut
a minute long | eine minute lang | d'une minute, pendant une minute | de un minuto, un minuto de duracion | lungo un
    minuto, di un minuto | de um minuto, um minuto de duracao | een minuut lang
2 | zwei | deux | dos | due | dois, duas | twee
3 | drei | trois | tres | tre | tres | drie
4 | vier | quatre | cuatro | quattro | quatro | vier
5 | fuenf | cinq | cinco | cinque | cinco | vijf
6 | sechs | six | seis | sei | seis | zes
7 | sieben | sept | siete | sette | sete | zeven
8 | acht | huit | ocho | otto | oito | acht
9 | neun | neuf | nueve | nove | nove | negen
10 | zehn | dix | diez | dieci | dez | tien
12 | zwoelf | douze | doce | dodici | doze | twaalf
15 | fuenfzehn | quinze | quince | quindici | quinze | vijftien
20 | zwanzig | vingt | veinte | venti | vinte | twintig
30 | dreissig | trente | treinta | trenta | trinta | dertig
40 | vierzig | quarante | cuarenta | quaranta | quarenta | veertig
60 | sechzig | soixante | sesenta | sessanta | sessenta | zestig
x | - | - | por | per | por | bij
"""
