"""What is said about a film that is already there: English | German | French | Spanish | Italian | Portuguese |
    Dutch."""

from __future__ import annotations

LINES = """
undo that | mach das rueckgaengig, rueckgaengig machen, rueckgaengig | annule ca, annule cela, annuler, annule |
    deshazlo, deshacer, deshaz eso | annulla, annullalo | desfaz isso, desfazer, desfaca | maak dat ongedaan,
    ongedaan maken
redo | wiederholen, wiederherstellen | retablir, refais-le | rehacer, rehazlo | ripristina | refazer, refaz |
    opnieuw uitvoeren
go back | zurueck, geh zurueck | reviens en arriere, retour, en arriere | vuelve atras, atras | torna indietro,
    indietro | volta atras, volta, voltar | ga terug, terug
back to the first one | zurueck zum ersten, zur ersten fassung, nimm den ersten | retour au premier, reviens au
    premier, reprends le premier | vuelve al primero, volver al primero | torna al primo, torna alla prima versione
    | volta ao primeiro, volta para o primeiro | terug naar de eerste, neem de eerste
again | noch mal, nochmal, noch einmal | encore, encore une fois | otra vez, de nuevo | ancora, ancora una volta, di
    nuovo | de novo, outra vez, mais uma vez | nog een keer, nog eens, opnieuw
darker | dunkler, mach es dunkler, mach's dunkler | plus sombre, rends-le plus sombre | mas oscuro, hazlo mas oscuro
    | piu scuro, piu buio, rendilo piu scuro | mais escuro, deixa mais escuro | donkerder, maak het donkerder
brighter | heller, mach es heller | plus clair, plus lumineux | mas claro, mas luminoso, hazlo mas claro | piu
    chiaro, piu luminoso | mais claro, mais luminoso | lichter, helderder, maak het lichter
slower | langsamer, mach langsamer | plus lent, plus lentement, ralentis | mas lento, mas despacio | piu lento, piu
    lentamente, rallenta | mais lento, mais devagar | langzamer, trager
faster | schneller, mach schneller | plus vite, plus rapide, accelere | mas rapido | piu veloce, piu rapido | mais
    rapido | sneller
calmer | ruhiger | plus calme | mas tranquilo, mas calmado | piu calmo, piu tranquillo | mais calmo, mais tranquilo
    | rustiger, kalmer
wilder | wilder | plus sauvage | mas salvaje | piu selvaggio | mais selvagem | wilder
closer | naeher, naeher ran | plus pres | mas cerca | piu vicino | mais perto | dichterbij
wider | weiter weg, weiter | plus large, plus loin | mas amplio, mas lejos | piu largo, piu lontano | mais aberto,
    mais longe | verder weg, wijder
warmer colours | waermere farben, waermer | couleurs plus chaudes, plus chaud | colores mas calidos, mas calido |
    colori piu caldi, piu caldo | cores mais quentes, mais quente | warmere kleuren, warmer
cooler colours | kuehlere farben, kuehler, kaeltere farben | couleurs plus froides, plus froid | colores mas frios,
    mas frio | colori piu freddi, piu freddo | cores mais frias, mais frio | koelere kleuren, koeler
more colourful | bunter, farbiger | plus colore | mas colorido | piu colorato | mais colorido | kleurrijker
less colourful | weniger bunt, weniger farbig | moins colore | menos colorido | meno colorato | menos colorido |
    minder kleurrijk
too fast | zu schnell | trop rapide, trop vite | demasiado rapido | troppo veloce | rapido demais, muito rapido | te
    snel
too slow | zu langsam | trop lent | demasiado lento | troppo lento | lento demais, muito lento | te langzaam
too dark | zu dunkel | trop sombre | demasiado oscuro | troppo scuro, troppo buio | escuro demais, muito escuro | te
    donker
too bright | zu hell | trop clair, trop lumineux | demasiado claro | troppo chiaro | claro demais, muito claro | te
    licht, te fel
a bit | ein bisschen, etwas, ein wenig | un peu | un poco | un po', un po, un poco | um pouco | een beetje, iets
much | viel | beaucoup | mucho | molto di | muito | veel
more | mehr | plus de, davantage | mas | piu | mais | meer
less | weniger | moins, moins de | menos | meno | menos | minder
make it | mach es, mach das, mach's, lass es | rends-le, fais-le, fais | hazlo, haz que | rendilo, fallo, fai | faz
    isso,
    torna-o, deixa-o, faz | maak het, laat het
make it rain | lass es regnen, mach dass es regnet | fais pleuvoir, qu'il pleuve | haz que llueva | fai piovere,
    fallo piovere | faz chover | laat het regenen
make it snow | lass es schneien | fais neiger | haz que nieve | fai nevicare | faz nevar | laat het sneeuwen
make it night | mach es nacht, mach nacht daraus | fais-en une nuit, mets la nuit | hazlo de noche, que sea de noche
    | fallo di notte | faz de noite, que seja noite | maak er nacht van, maak het nacht
what if it were | was waere wenn es waere, wie waere es | et si c'etait | y si fuera | e se fosse | e se fosse | wat
    als het was, wat als het
keep the camera, change the world | behalte die kamera, aendere die welt | garde la camera, change le monde | manten
    la camara, cambia el mundo | tieni la camera, cambia il mondo | mantem a camera, muda o mundo | houd de camera,
    verander de wereld
like the first one | wie das erste, wie der erste | comme le premier, comme la premiere | como el primero, como la
    primera | come il primo, come la prima | como o primeiro, como a primeira | zoals de eerste, zoals het eerste
give me | gib mir, zeig mir | donne-moi, montre-moi | dame, muestrame | dammi, mostrami | da-me, me da, mostra-me |
    geef me, laat me
very different ones | ganz verschiedene, sehr verschiedene | tres differents, tres differentes | muy diferentes, muy
    distintas | molto diversi, molto diverse | bem diferentes, muito diferentes | heel verschillende
surprise me | ueberrasch mich, ueberrasche mich | surprends-moi | sorprendeme | sorprendimi, stupiscimi |
    surpreende-me, me surpreenda | verras me
why | warum | pourquoi | por que | perche | por que | waarom
why did you cut there | warum hast du da geschnitten, warum hast du dort geschnitten | pourquoi as-tu coupe la,
    pourquoi tu as coupe la | por que cortaste ahi | perche hai tagliato li | por que cortaste ai, por que voce
    cortou ai | waarom heb je daar geknipt, waarom knip je daar
turn the music down | musik leiser, mach die musik leiser | baisse la musique, musique moins forte | baja la musica,
    musica mas baja | abbassa la musica | baixa a musica, abaixa a musica | muziek zachter, zet de muziek zachter
turn the music up | musik lauter, mach die musik lauter | monte la musique | sube la musica | alza la musica |
    aumenta a musica | muziek harder, zet de muziek harder
add | fuege hinzu, fueg hinzu, dazu noch | ajoute | anade, agrega | aggiungi | adiciona, acrescenta | voeg toe
remove | entferne, nimm weg | enleve, supprime, retire | quita, elimina | togli, rimuovi | tira, remove | verwijder,
    haal weg
in the first shot | in der ersten einstellung | dans le premier plan | en la primera toma, en el primer plano |
    nella prima inquadratura | no primeiro plano, na primeira tomada | in het eerste shot
in the second shot | in der zweiten einstellung | dans le deuxieme plan, dans le second plan | en la segunda toma,
    en el segundo plano | nella seconda inquadratura | no segundo plano, na segunda tomada | in het tweede shot
in the last shot | in der letzten einstellung | dans le dernier plan | en la ultima toma, en el ultimo plano |
    nell'ultima inquadratura | no ultimo plano, na ultima tomada | in het laatste shot
after the first chorus | nach dem ersten refrain | apres le premier refrain | despues del primer estribillo | dopo
    il primo ritornello | depois do primeiro refrao | na het eerste refrein
after the second chorus | nach dem zweiten refrain | apres le deuxieme refrain | despues del segundo estribillo |
    dopo il secondo ritornello | depois do segundo refrao | na het tweede refrein
in the chorus | im refrain | dans le refrain | en el estribillo | nel ritornello | no refrao | in het refrein
no music | keine musik, ohne musik | pas de musique, sans musique | sin musica | niente musica, senza musica | sem
    musica | geen muziek, zonder muziek
"""
