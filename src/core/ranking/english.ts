/**
 * Words that carry no topic of their own: function words, question words, auxiliaries, contractions without their
 * apostrophe, and the small talk of conversations. Compiled by hand for this project.
 */
export const stopWords: ReadonlySet<string> = new Set(
  `a an the this that these those such same other another each every either neither both all any some none no not nor only own
  i me my mine myself we our ours ourselves us you your yours yourself yourselves he him his himself she her hers herself it its itself
  they them their theirs themselves who whom whose which what when where why how
  am is are was were be been being have has had having do does did doing done will would shall should can could may might must ought
  and or but if then else than so as because while until since though although unless whether
  of at by for with about against between into through during before after above below to from up down in out on off over under again
  further once here there too very just also even still yet ever already almost rather quite much more most many few
  s t d ll m re ve im ive id youre youve hes shes theyre theyve weve thats whats wheres whos theres lets
  dont didnt doesnt isnt wasnt arent werent wont wouldnt couldnt shouldnt cant cannot hasnt havent hadnt aint
  hi hello hey oh ah wow yes yeah yep ok okay please thanks thank really well like sure lot lots thing things one got get gets getting
  gonna wanna gotta kinda way something anything everything someone anyone everyone
  happen happened happens`.split(/\s+/),
);

/** Words that ask for what there is to tell, whatever it is. */
export const askingWords: ReadonlySet<string> = new Set(
  'go visit place talk discuss say tell mention remember know recall plan schedule agenda calendar new news event occur happen thing stuff something anything everything get one two three'.split(
    ' ',
  ),
);

/** Base form, then the forms that suffix stripping cannot bring to it; the last lines join everyday synonyms of one spelling family. */
const families = `
be|become became becoming
go|went gone goes going
see|saw seen sees
take|took taken taking
make|made making
give|gave given giving
find|found
feel|felt
leave|left leaves leaving
keep|kept
sleep|slept
meet|met meeting
write|wrote written writing
drive|drove driven driving
ride|rode ridden riding
rise|rose risen rising
speak|spoke spoken
break|broke broken
choose|chose chosen choosing choice
wear|wore worn
tell|told
sell|sold
hold|held
hear|heard
say|said says
pay|paid
lose|lost losing loss
win|won winning winner
run|ran running runner
begin|began begun beginning
swim|swam swum swimming
sing|sang sung singer
drink|drank drunk
sit|sat sitting
stand|stood
understand|understood
know|knew known
grow|grew grown growth
throw|threw thrown
fly|flew flown flies flight
draw|drew drawn drawing
show|shown showed
eat|ate eaten
fall|fell fallen
come|came coming
build|built building
send|sent
spend|spent
lend|lent
lead|led
feed|fed
shoot|shot
hide|hid hidden
bite|bit bitten
buy|bought
bring|brought
think|thought
teach|taught teacher
catch|caught
fight|fought
seek|sought
dream|dreamt
learn|learnt
mean|meant
deal|dealt
light|lit
hang|hung
stick|stuck
strike|struck
dig|dug
forget|forgot forgotten
forgive|forgave forgiven
steal|stole stolen
wake|woke woken waking
freeze|froze frozen
bear|bore
birth|born
tear|tore torn
swear|swore sworn
shake|shook shaken
shine|shone
bind|bound
weave|wove woven
die|died dies dying death dead
lie|lying lain
tie|tying
man|men
woman|women
person|people persons
foot|feet
tooth|teeth
mouse|mice
goose|geese
wife|wives
knife|knives
wolf|wolves
half|halves
shelf|shelves
child|children kid kids childhood
mother|mom moms mum mums mama mommy mummy
father|dad dads papa daddy
grandmother|grandma granny nana
grandfather|grandpa granddad
photo|photograph photographs photos picture pictures pic pics
film|movie movies films
television|tv
phone|cellphone smartphone telephone
bicycle|bike bikes biking bicycles cycling
mathematics|math maths
holiday|vacation vacations holidays
university|college uni
doctor|dr
car|auto automobile
refrigerator|fridge
apartment|flat apt
favourite|favorite favorites favourites fave
colour|color colors colours
neighbour|neighbor neighbors neighbours
good|better best
bad|worse worst
far|farther further
marry|married marries marriage wedding
decide|decision decisions
injure|injury injuries
expire|expiry
recover|recovery
deliver|delivery deliveries
install|installation
describe|description
subscribe|subscription
prescribe|prescription
respond|response responses
maintain|maintenance
believe|belief
prove|proof proven
arrive|arrival
weigh|weight
high|height
long|length
succeed|success successful
explain|explanation
analyse|analysis analyze analyzed analyses
discover|discovery
`;

/** An inflected or variant form to its base form. Compiled by hand for this project. */
export const baseForms: ReadonlyMap<string, string> = new Map(
  families
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [base = '', forms = ''] = line.split('|');
      return forms.split(' ').map((form) => [form, base] as const);
    }),
);

const setPhrase = new RegExp(
  [
    String.raw`\b(?<wake>g[eo]t(?:s|ting)? up)\b`,
    String.raw`\b(?<sleep>(?:go|goes|going|went) to bed)\b`,
    String.raw`\b(?<origin>(?<=\b(?:i|we|she|he|they) )(?:am|come|comes|came) from|(?:im|shes|hes|theyre) from)\b`,
    String.raw`\b(?<enjoy>(?<=\b(?:i|we|they|he|she|you|user|also|really|do) )likes?) (?=(?:to )?(?!thing|morning|evening|being|having|during)[a-z]{2,}ing\b)`,
  ].join('|'),
  'g',
);

/** A folded text with the word that they stand for in place of phrases whose words alone say nothing: "get up" is "wake". */
export function withoutSetPhrases(folded: string): string {
  return folded.replace(setPhrase, (...match) => {
    const meant = Object.entries(match.at(-1) as Record<string, string | undefined>);
    return `${meant.find(([, phrase]) => phrase !== undefined)?.[0]} `;
  });
}
