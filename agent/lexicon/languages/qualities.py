"""How things look, move and sound: English | German | French | Spanish | Italian | Portuguese | Dutch.

Base forms; endings are taken off both sides before they are compared. Accents off, German umlauts as ae, oe, ue.
"""

from __future__ import annotations

QUALITIES = """
red | rot | rouge | rojo | rosso | vermelho | rood, rode
blue | blau | bleu | azul/azules | blu, azzurro | azul/azuis | blauw
green | gruen | vert | verde | verde | verde | groen
yellow | gelb | jaune | amarillo | giallo | amarelo | geel, gele
white | weiss | blanc, blanche | blanco | bianco | branco | wit
black | schwarz | noir | negro | nero | preto, negro | zwart
orange | orangefarben | orange | naranja | arancione | laranja | oranje
pink | rosa | rose | rosa | rosa | cor-de-rosa, rosa | roze
violet | violett, lila | violet, mauve | violeta, morado | viola | roxo, violeta | paars, violet
grey | grau | gris | gris/grises | grigio | cinza, cinzento | grijs
golden | golden | dore | dorado | dorato | dourado | gouden
colourful | bunt, farbenfroh | colore | colorido, de colores | colorato, variopinto | colorido | kleurrijk, bont
pastel | pastell | pastel | pastel | pastello | pastel | pastel
big | gross | grand, gros | grande | grande | grande | groot, grote
small | klein | petit | pequeno | piccolo | pequeno | klein
tiny | winzig | minuscule | diminuto | minuscolo | minusculo | piepklein
huge | riesig | enorme, immense | enorme | enorme | enorme | reusachtig, enorm
quiet | leise, still | silencieux | silencioso | silenzioso | silencioso | stil
calm | ruhig, friedlich | calme, tranquille, paisible | tranquilo, calmado, sereno | calmo, tranquillo | calmo,
    tranquilo | kalm, rustig
wild | wild | sauvage | salvaje | selvaggio | selvagem | wild
soft | sanft, weich | doux, douce | suave | delicato, dolce | suave | zacht
sad | traurig | triste | triste | triste | triste | verdrietig, droevig, triest
happy | froehlich, gluecklich | joyeux, joyeuse, heureux, gai | alegre, feliz | felice, allegro | feliz, alegre |
    vrolijk, blij
spooky | gruselig, unheimlich | effrayant, inquietant, hante | espeluznante, terrorifico, inquietante | spettrale,
    spaventoso, inquietante | assustador, assombrado | griezelig, spookachtig
dreamy | vertraeumt, traeumerisch | reveur, onirique | onirico, de ensueno | onirico, sognante | onirico, sonhador |
    dromerig
melancholic | melancholisch, wehmuetig | melancolique | melancolico | malinconico | melancolico | melancholisch
lonely | einsam | solitaire, seul | solitario | solitario | solitario, sozinho | eenzaam, eenzame
empty | leer | vide, desert | vacio | vuoto, deserto | vazio | leeg, lege
slow | langsam | lent | lento | lento | lento | langzaam, langzame, traag
fast | schnell | rapide | rapido | veloce, rapido | rapido | snel
dark | dunkel, dunkle, dunkl, finster | sombre, obscur | oscuro | buio, scuro | escuro | donker
bright | hell | lumineux, clair | luminoso, brillante | luminoso, chiaro | luminoso, claro, brilhante | helder, licht
warm | warm | chaud | calido | caldo | quente | warm
cold | kalt | froid | frio | freddo | frio | koud, koude
clear | klar | degage | despejado | limpido, sereno | limpo | helder
cloudy | bewoelkt, wolkig | nuageux | nublado | nuvoloso | nublado | bewolkt
rainy | regnerisch, verregnet | pluvieux | lluvioso | piovoso | chuvoso | regenachtig
snowy | verschneit, schneebedeckt | enneige | nevado | innevato | nevado, coberto de neve | besneeuwd
foggy | neblig | brumeux | brumoso, neblinoso | nebbioso | enevoado | mistig
windy | windig | venteux | ventoso | ventoso | ventoso | winderig
stormy | stuermisch | orageux, tempetueux | tormentoso, tempestuoso | tempestoso | tempestuoso | stormachtig
sunny | sonnig | ensoleille | soleado | soleggiato, assolato | ensolarado | zonnig
underwater | unterwasser | sous-marin | submarino | subacqueo, sottomarino | submarino, subaquatico | onderwater
falling | fallend | tombant | cayendo | cadente, che cade | caindo | vallend
drifting | treibend, treiben, schwebend | derivant, qui derivent, a la derive | a la deriva, flotando | alla deriva,
    che fluttuano | a deriva, a flutuar, flutuando | drijvend, drijven, zwevend
flying | fliegend | volant, qui volent | volando | che volano, in volo | voando | vliegend
rising | aufsteigend, steigen auf | qui s'elevent, s'elevent, montent, s'elevant, qui montent | elevandose, que
    suben, subiendo | che
    salgono, che si alzano | subindo, que sobem | opstijgend, stijgen op, die opstijgen
neon | neon | neon | neon | neon | neon | neon
watercolour | aquarell, wasserfarben | aquarelle | acuarela | acquerello, acquarello | aquarela | aquarel, waterverf
pencil sketch | bleistiftskizze, bleistiftzeichnung | croquis au crayon, dessin au crayon, esquisse au crayon |
    boceto a lapiz, dibujo a lapiz | schizzo a matita, disegno a matita | esboco a lapis, desenho a lapis |
    potloodschets, potloodtekening
coloured pencil | buntstift, buntstiften | crayon de couleur, crayons de couleur | lapices de colores | matite
    colorate | lapis de cor | kleurpotlood
ink wash painting | tuschemalerei, tuschezeichnung | peinture a l'encre, lavis | pintura a tinta, aguada de tinta |
    pittura a inchiostro | pintura a tinta, aguada | inktschildering, gewassen inkttekening
gouache | gouache | gouache | gouache | gouache, guazzo | guache | gouache
clay animation | knetanimation, knetfiguren | animation en pate a modeler, pate a modeler | animacion de plastilina,
    plastilina | animazione in plastilina, plastilina | animacao de massinha, massinha, plasticina | kleianimatie,
    klei-animatie
black and white | schwarz-weiss, schwarzweiss | noir et blanc | blanco y negro | bianco e nero | preto e branco |
    zwart-wit
pixel art | pixelkunst | pixel art | pixel art, arte pixel | pixel art | pixel art, arte pixel | pixelkunst
minor | moll | mineur | menor | minore | menor | mineur
major | dur | majeur | mayor | maggiore | maior | majeur
"""
