"""Things and places: English | German | French | Spanish | Italian | Portuguese | Dutch.

Words between commas mean the same; after a slash stands the plural. Accents off, German umlauts as ae, oe, ue.
"""

from __future__ import annotations

NOUNS = """
bird/birds | vogel/voegel | oiseau/oiseaux | pajaro/pajaros, ave/aves | uccello/uccelli | passaro/passaros |
    vogel/vogels
seagull/seagulls | moewe/moewen | mouette/mouettes | gaviota/gaviotas | gabbiano/gabbiani | gaivota/gaivotas |
    meeuw/meeuwen
bee/bees | biene/bienen | abeille/abeilles | abeja/abejas | ape/api | abelha/abelhas | bij/bijen
butterfly/butterflies | schmetterling/schmetterlinge | papillon/papillons | mariposa/mariposas | farfalla/farfalle |
    borboleta/borboletas | vlinder/vlinders
fish/fish | fisch/fische | poisson/poissons | pez/peces | pesce/pesci | peixe/peixes | vis/vissen
whale/whales | wal/wale | baleine/baleines | ballena/ballenas | balena/balene | baleia/baleias | walvis/walvissen
jellyfish/jellyfish | qualle/quallen | meduse/meduses | medusa/medusas | medusa/meduse | agua-viva/aguas-vivas,
    medusa/medusas | kwal/kwallen
boat/boats | boot/boote, schiff/schiffe | bateau/bateaux, barque/barques | barco/barcos, barca/barcas | barca/barche
    | barco/barcos | boot/boten, schip/schepen
paper boat/paper boats | papierboot/papierboote | bateau en papier/bateaux en papier | barco de papel/barcos de
    papel | barchetta di carta/barchette di carta | barco de papel/barcos de papel | papieren bootje/papieren
    bootjes
car/cars | auto/autos, wagen | voiture/voitures | coche/coches, carro/carros | macchina/macchine | carro/carros |
    auto/autos
train/trains | zug/zuege | train/trains | tren/trenes | treno/treni | trem/trens, comboio/comboios | trein/treinen
rocket/rockets | rakete/raketen | fusee/fusees | cohete/cohetes | razzo/razzi | foguete/foguetes | raket/raketten
balloon/balloons | ballon/ballons, luftballon/luftballons, heissluftballon/heissluftballons | ballon/ballons,
    montgolfiere/montgolfieres | globo/globos | palloncino/palloncini, mongolfiera/mongolfiere | balao/baloes |
    ballon/ballonnen
man/people | mann/maenner, mensch/menschen, leute | homme/hommes, gens | hombre/hombres, gente | uomo/uomini, gente
    | homem/homens, gente | man/mannen, mensen
person/people | person/personen | personne/personnes | persona/personas | persona/persone | pessoa/pessoas |
    persoon/personen
woman/women | frau/frauen | femme/femmes | mujer/mujeres | donna/donne | mulher/mulheres | vrouw/vrouwen
child/children | kind/kinder | enfant/enfants | nino/ninos, nina/ninas | bambino/bambini, bambina/bambine |
    crianca/criancas | kind/kinderen
walker/walkers | wanderer/wanderer, fussgaenger | marcheur/marcheurs, promeneur/promeneurs, marcheuse |
    caminante/caminantes | camminatore/camminatori, viandante/viandanti | caminhante/caminhantes |
    wandelaar/wandelaars
fox/foxes | fuchs/fuechse | renard/renards | zorro/zorros | volpe/volpi | raposa/raposas | vos/vossen
dog/dogs | hund/hunde | chien/chiens | perro/perros | cane/cani | cachorro/cachorros, cao/caes | hond/honden
cat/cats | katze/katzen | chat/chats | gato/gatos | gatto/gatti | gato/gatos | kat/katten
horse/horses | pferd/pferde | cheval/chevaux | caballo/caballos | cavallo/cavalli | cavalo/cavalos | paard/paarden
ball/balls | ball/baelle | balle/balles | pelota/pelotas | palla/palle | bola/bolas | bal/ballen
planet/planets | planet/planeten | planete/planetes | planeta/planetas | pianeta/pianeti | planeta/planetas |
    planeet/planeten
lantern/lanterns | laterne/laternen | lanterne/lanternes | farol/faroles, linterna/linternas, farolillo/farolillos |
    lanterna/lanterne | lanterna/lanternas | lantaarn/lantaarns, lampion/lampions
dragon/dragons | drache/drachen | dragon/dragons | dragon/dragones | drago/draghi | dragao/dragoes | draak/draken
kite/kites | lenkdrachen, papierdrachen | cerf-volant/cerfs-volants | cometa/cometas | aquilone/aquiloni |
    pipa/pipas, papagaio de papel | vlieger/vliegers
ocean/oceans | ozean/ozeane, meer/meere | ocean/oceans, mer/mers | oceano/oceanos, mar/mares | oceano/oceani,
    mare/mari | oceano/oceanos, mar/mares | oceaan/oceanen, zee/zeeen
deep sea | tiefsee, tiefes meer | grands fonds, fond de la mer, profondeurs | aguas profundas, fondo del mar, mar
    profundo | fondale marino, profondita marine, fondo del mare | mar profundo, fundo do mar | diepzee, diepe zee
waves | wellen | vagues | olas | onde | ondas | golven
beach/beaches | strand/straende | plage/plages | playa/playas | spiaggia/spiagge | praia/praias | strand/stranden
desert/deserts | wueste/wuesten | desert/deserts | desierto/desiertos | deserto/deserti | deserto/desertos |
    woestijn/woestijnen
dunes | duenen | dunes | dunas | dune | dunas | duinen
meadow/meadows | wiese/wiesen | prairie/prairies, pre/pres | prado/prados, pradera/praderas | prato/prati |
    prado/prados, campina | weide/weiden, wei
field/fields | feld/felder | champ/champs | campo/campos | campo/campi | campo/campos | veld/velden
grass | gras | herbe/herbes | hierba, pasto | erba | grama, relva | gras
garden/gardens | garten/gaerten | jardin/jardins | jardin/jardines | giardino/giardini | jardim/jardins | tuin/tuinen
flower/flowers | blume/blumen | fleur/fleurs | flor/flores | fiore/fiori | flor/flores | bloem/bloemen
forest/forests | wald/waelder | foret/forets, bois | bosque/bosques, selva | bosco/boschi, foresta/foreste |
    floresta/florestas | bos/bossen, woud
tree/trees | baum/baeume | arbre/arbres | arbol/arboles | albero/alberi | arvore/arvores | boom/bomen
mountain/mountains | berg/berge, gebirge | montagne/montagnes | montana/montanas, sierra | montagna/montagne |
    montanha/montanhas, serra | berg/bergen
city/cities | stadt/staedte, grossstadt | ville/villes | ciudad/ciudades | citta | cidade/cidades | stad/steden
neon city | neonstadt | ville de neons, ville neon | ciudad de neon | citta al neon | cidade de neon | neonstad
street/streets | strasse/strassen | rue/rues | calle/calles | strada/strade | rua/ruas | straat/straten
rooftops | daecher | toits | tejados, azoteas | tetti | telhados | daken
village/villages | dorf/doerfer | village/villages | pueblo/pueblos, aldea/aldeas | villaggio/villaggi, paesino |
    aldeia/aldeias, vila, vilarejo | dorp/dorpen
house/houses | haus/haeuser | maison/maisons | casa/casas | casa/case | casa/casas | huis/huizen
lake/lakes | see/seen | lac/lacs | lago/lagos | lago/laghi | lago/lagos | meer/meren
river/rivers | fluss/fluesse | riviere/rivieres, fleuve | rio/rios | fiume/fiumi | rio/rios | rivier/rivieren
stream/streams | bach/baeche | ruisseau/ruisseaux | arroyo/arroyos | ruscello/ruscelli | riacho/riachos |
    beek/beken, beekje
crystal/crystals | kristall/kristalle | cristal/cristaux | cristal/cristales | cristallo/cristalli |
    cristal/cristais | kristal/kristallen
island/islands | insel/inseln | ile/iles | isla/islas | isola/isole | ilha/ilhas | eiland/eilanden
water | wasser | eau/eaux | agua/aguas | acqua/acque | agua/aguas | water
space | weltraum, weltall, all | espace | espacio | spazio | espaco | ruimte, heelal
snowfield/snowfields | schneefeld/schneefelder | champ de neige/champs de neige | campo de nieve/campos de nieve,
    campo nevado | campo di neve, distesa di neve, distesa innevata | campo de neve, campo nevado |
    sneeuwveld/sneeuwvelden
canyon/canyons | schlucht/schluchten | gorge/gorges, canyon/canyons | canon/canones | canyon, gola | canion,
    desfiladeiro | kloof/kloven, ravijn
valley/valleys | tal/taeler | vallee/vallees | valle/valles | valle/valli | vale/vales | vallei/valleien, dal
cave/caves | hoehle/hoehlen | grotte/grottes | cueva/cuevas | grotta/grotte | caverna/cavernas | grot/grotten
cloud/clouds | wolke/wolken | nuage/nuages | nube/nubes | nuvola/nuvole | nuvem/nuvens | wolk/wolken
sky | himmel | ciel | cielo | cielo | ceu | hemel, lucht
star/stars | stern/sterne | etoile/etoiles | estrella/estrellas | stella/stelle | estrela/estrelas | ster/sterren
sun | sonne | soleil | sol | sole | sol | zon
moon | mond | lune | luna | luna | lua | maan
moonlight | mondlicht, mondschein | clair de lune | luz de luna | chiaro di luna | luar, luz da lua | maanlicht
rain | regen | pluie | lluvia | pioggia | chuva | regen
snow | schnee | neige | nieve | neve | neve | sneeuw
fog | nebel, dunst | brouillard, brume | niebla, bruma | nebbia, foschia | nevoeiro, neblina | mist, nevel
storm/storms | sturm/stuerme, gewitter, unwetter | tempete/tempetes, orage/orages | tormenta/tormentas, tempestad |
    tempesta/tempeste, temporale | tempestade/tempestades | storm/stormen, onweer
blizzard | schneesturm | tempete de neige | ventisca, tormenta de nieve | bufera di neve | nevasca | sneeuwstorm
lightning | blitz, blitze | eclair, eclairs | relampago, relampagos, rayos | fulmini, lampi | relampago, relampagos
    | bliksem
wind | wind | vent | viento | vento | vento | wind
northern lights | nordlichter, polarlicht, polarlichter | aurore boreale, aurores boreales | aurora boreal | aurora
    boreale | aurora boreal | noorderlicht, poollicht
dawn | morgendaemmerung, tagesanbruch, sonnenaufgang | aube, lever du soleil | amanecer, alba | alba | amanhecer,
    alvorada, nascer do sol | dageraad, zonsopgang, zonsopkomst
morning | morgen, vormittag | matin | manana | mattino, mattina | manha | ochtend, morgen
noon | mittag | midi | mediodia | mezzogiorno | meio-dia | middag
sunset | sonnenuntergang | coucher de soleil, coucher du soleil | puesta de sol, atardecer, ocaso | tramonto | por
    do sol, por-do-sol, pôr do sol, entardecer | zonsondergang
dusk | abenddaemmerung, daemmerung | crepuscule | anochecer, crepusculo | crepuscolo, imbrunire | anoitecer,
    crepusculo | schemering, avondschemering
evening | abend | soir, soiree | tarde | sera | noitinha | avond
night | nacht | nuit | noche | notte | noite | nacht
day | tag | jour, journee | dia | giorno | dia | dag
afternoon | nachmittag | apres-midi | por la tarde | pomeriggio | a tarde | namiddag
light | licht | lumiere | luz | luce | luz | licht
autumn | herbst | automne | otono | autunno | outono | herfst
winter | winter | hiver | invierno | inverno | inverno | winter
spring | fruehling | printemps | primavera | primavera | primavera | lente
summer | sommer | ete | verano | estate | verao | zomer
colour/colours | farbe/farben | couleur/couleurs | color/colores | colore/colori | cor/cores | kleur/kleuren
colour palette | farbpalette, palette | palette de couleurs, palette | paleta de colores, paleta | palette di
    colori, tavolozza | paleta de cores, paleta | kleurenpalet, palet
camera | kamera | camera | camara | cinepresa, telecamera, camera | camera | camera
shot/shots | einstellung/einstellungen | plan/plans | toma/tomas, plano/planos | inquadratura/inquadrature |
    plano/planos, tomada/tomadas | shot/shots, opname
cut/cuts | schnitt/schnitte | coupe/coupes | corte/cortes | taglio/tagli | corte/cortes | snede/snedes
music | musik | musique | musica | musica | musica | muziek
piano | klavier | piano | piano | pianoforte | piano | piano
waltz | walzer | valse | vals | valzer | valsa | wals
film | film | film | pelicula | film | filme | film
beginning | anfang, beginn | debut | principio, comienzo, inicio | inizio | inicio, comeco | begin
end | ende, schluss | fin | final, fin | fine | fim, final | einde, slot
middle | mitte | milieu | medio | meta, mezzo | meio | midden
second/seconds | sekunde/sekunden | seconde/secondes | segundo/segundos | secondo/secondi | segundo/segundos |
    seconde/seconden
minute/minutes | minute/minuten | minute/minutes | minuto/minutos | minuto/minuti | minuto/minutos | minuut/minuten
frames per second | bilder pro sekunde | images par seconde | cuadros por segundo, fotogramas por segundo
    | fotogrammi al secondo | quadros por segundo | beelden per seconde
chorus | refrain | refrain | estribillo | ritornello | refrao | refrein
verse | strophe | couplet | estrofa | strofa | estrofe | couplet
"""
