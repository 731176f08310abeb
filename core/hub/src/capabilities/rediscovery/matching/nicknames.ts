/** Each line is one name with its short, pet and foreign forms; a form may stand in several. */
const lines = `alexander alex al alec sasha xander sandy aleksandr alexandre alejandro alessandro oleksandr iskander sascha
alexandra alex sasha sandra lexi alexa aleksandra sandy alejandra
abigail abby gail abbie
abraham abe bram
albert al bert bertie alberto
alfred al fred alfie alfredo
amanda mandy
andrew andy drew andrei andrey andreas andre andres andriy anders andrzej andrea ondrej
angela angie
anna ann anne annie hannah hanna ania anya anja annette anita
anthony tony antonio anton antoine ant
antonia toni tonya
arthur art artur arturo
barbara barb barbie basia
benjamin ben benny benji veniamin
bernard bernie bernhard
beverly bev
bradley brad
cameron cam
caroline carol carrie karolina carolina
catherine kate cathy katie kathy cat katherine kathryn katharina katarina katerina ekaterina yekaterina catalina kat kasia katya caitlin kay
charles charlie chuck chas carl karl carlos carlo karel
charlotte charlie lottie
christina chris tina christine kristina cristina kristin kirsten christie krystyna
christopher chris topher kit christoph kristof cristobal krzysztof christophe
clifford cliff
cynthia cindy
daniel dan danny daniil danil
danielle dani
david dave davey dawid davide
deborah deb debbie debra
dennis denny denis
dmitry dima dmitri dmytro dimitri mitya
donald don donny
dorothy dot dottie dorothea
douglas doug
edward ed eddie ted ned eduardo edouard eduard edvard teddy
eleanor ellie nell nora eleonora
elizabeth liz beth betty lizzie eliza elisabeth elisabetta libby betsy elsie isabel elzbieta elise lisa
emily em emma emilia
eric erik rick
eugene gene evgeny yevgeny evgeniy eugenio zhenya
florence flo
francis frank fran francisco francesco francois paco franz franciszek
frances fran francesca franziska
frederick fred freddie fritz friedrich federico frederic
gabriel gabe gabriele
gabrielle gabby gabriela
gerald jerry gerry gerard
gregory greg gregor grzegorz grigory grisha gregorio
gwendolyn gwen
harold harry hal
helen helena elena ellen nell olena yelena lena alena
henry hank harry henri heinrich enrique hendrik heinz enrico henryk
howard howie
isaac ike
jacob jake jakob yakov jacobo jakub
jacqueline jackie
james jim jimmy jamie jaime
jane janet janie janice
jason jay
jeffrey jeff geoffrey geoff
jennifer jen jenny jenn
jeremy jerry jeremiah
jessica jess jessie
joan joanie joanna joanne jo johanna
john jack johnny jon johann juan jean giovanni ivan jan johannes hans sean ian vanya giovani joao
jonathan jon jonny nathan
joseph joe joey jose giuseppe josef jozef iosif pepe
joshua josh
judith judy judie
julia julie juliana giulia yulia yuliya
katrina trina kat
kenneth ken kenny
kimberly kim kimmy
lawrence larry laurence lorenzo laurent lars lorenz
leonard leo len lenny leonardo leonid
louis lou louie lewis luis luigi ludwig
lucas luke luca lukas lukasz
madeline maddie
marc mark marcus marco marcos marek markus
margaret maggie meg peggy marge margo greta margarita rita margarete margaux malgorzata gosia daisy
maria mary marie mia molly polly mariya masha miriam maryam
martha marty marta
martin marty martino marcin
matthew matt matteo mateo matthias mathieu mateusz matvey
maximilian max maxim maksim massimo maxime
megan meg
melissa missy mel lissa
michael mike mick mikhail miguel michel michele mickey misha mikael micky michal mykhailo
michelle shelly
mitchell mitch
mohammed muhammad mohamed mohammad mohd muhammed mo mehmet
nancy nan
natalie nat natalia natasha nataliya
nathaniel nate nathan nat
nicholas nick nicky nikolai nicolas niklas nico nikolas mykola mikolaj kolya
nicole nicky niki
norman norm
olga olya olha
oliver ollie olivier
olivia liv livvy
pamela pam
patricia pat patty trish tricia
patrick pat paddy patricio patrik
paul pavel paolo pablo pawel pavlo pauly
peter pete pedro pierre piotr pyotr pietro petr petro
philip phil felipe philippe filip felipe
priscilla cilla
rachel rae raquel
raymond ray ramon raymundo
rebecca becky becca rebekah
richard rick dick rich richie ricardo ricky riccardo ryszard
robert bob rob bobby robbie bert roberto rupert
rodney rod
roger rodger ruggero
ronald ron ronnie
rosemary rose rosie
roy leroy
russell russ rusty
samantha sam sammy
samuel sam sammy samuil
sarah sally sadie sara
sergei sergey serge sergio serhii serhiy seryozha
sharon shari
sophia sophie sofia sofie zofia sofya
stephanie steph stefanie
stephen steve steven stefan esteban etienne stephan stefano stepan szczepan
stuart stu stewart
susan sue susie suzanne susanna suzy
sylvia sylvie silvia
tatiana tanya tatyana tania
theodore ted theo teddy fyodor fedor
theresa terry tess teresa therese tessa
thomas tom tommy tomas tommaso tomasz
timothy tim timmy timofey
valerie val valeria
vanessa nessa
veronica ronnie roni veronika
victor vic viktor vittorio wiktor
victoria vicky tori vika viktoria
vincent vince vinny vincenzo vicente
virginia ginny ginger
vladimir vova volodymyr vladimiro wlodzimierz
walter walt wally gualtiero
william will bill billy liam wilhelm guillermo guillaume willy willem guglielmo
yuri yury iouri yuriy jurij george jorge georg giorgio georges jerzy georgy georgios
zachary zach zack
vijay vij
krishna kris
rajesh raj raju
sanjay sanj
venkata venkat
subramanian subbu
lakshmi laxmi
priyanka priya
abdul abdel abd
hussein hussain husain
ahmed ahmad
yusuf yousef joseph youssef
ibrahim abraham brahim
fatima fatma fatemeh`;

const groups = new Map<string, string[]>();
for (const line of lines.split('\n')) {
  const [head = '', ...forms] = line.split(' ');
  for (const form of new Set([head, ...forms])) groups.set(form, [...(groups.get(form) ?? []), head]);
}

/** The names that a folded first name may be a form of, at most three; `undefined`: none but itself. */
export function fullNamesOf(folded: string): readonly string[] | undefined {
  return groups.get(folded)?.slice(0, 3);
}
