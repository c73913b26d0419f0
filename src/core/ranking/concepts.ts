import { terms } from './analysis.js';

/** Everyday words that are asked with one and answered with another, a line a concept. Compiled by hand for this project. */
const concepts = `
job work career profession occupation employer company office boss colleague hire position salary
home house apartment live residence address move rent neighbourhood
school university class course student teacher study degree graduate major exam education
family parent mother father sister brother sibling son daughter child relative cousin uncle aunt grandparent
partner husband wife spouse marry boyfriend girlfriend date relationship engaged
pet dog cat puppy kitten rabbit bird hamster animal
friend buddy companion mate
food eat meal dish cuisine restaurant dinner lunch breakfast cook recipe snack dessert bake
drink coffee tea wine beer juice beverage
sport exercise workout gym fitness run swim hike yoga train
game play tournament match team score console
music song band concert instrument sing guitar piano violin album
book read novel author story library literature
film watch show series television theater cinema
art paint draw sculpture pottery craft gallery museum
travel trip journey visit vacation tour flight abroad country
car drive vehicle truck bicycle motorcycle
health doctor hospital sick illness disease medicine therapy diagnose symptom
allergy allergic intolerant
pain hurt injure ache sore wound
money pay cost price budget spend salary expense afford loan debt
buy purchase shop order store
gift present surprise receive
birthday age old born year
party celebrate celebration anniversary festival ceremony
hobby interest activity pastime leisure enjoy passion
favourite love prefer enjoy like best
hate dislike avoid annoy
happy joy glad excite proud delight
sad upset depress grief disappoint cry
afraid fear scare worry anxious nervous stress
calm relax peace meditate unwind destress rest
plan goal intend aim dream hope future aspire
problem issue trouble challenge difficulty struggle setback
help support assist volunteer charity donate
begin start launch open found
end finish complete quit stop
win award prize trophy medal victory
lose fail defeat
weather rain snow storm sun wind temperature
nature forest mountain lake beach ocean river park outdoor camp
garden plant flower tree grow
clothes wear dress shirt shoe jacket fashion outfit
computer laptop software program code developer bug
server host port deploy database cluster
phone call number mobile contact
religion faith church pray spiritual temple
language speak translate fluent native
city town village place location
country nation origin homeland immigrate
movement activist rights protest community
event conference meeting workshop seminar fair
photo camera shoot
cause reason motivate inspire
learn teach skill practice lesson
write author blog journal poem poetry
advice suggest recommend tip
name call nickname
baby pregnant birth adopt
die death funeral pass
house repair renovate fix build
business startup shop owner client customer
`;

const related = new Map<string, Set<string>>();
for (const line of concepts.trim().split('\n')) {
  const members = terms(line);
  for (const member of members)
    related.set(member, new Set([...(related.get(member) ?? []), ...members.filter((other) => other !== member)]));
}

/** The terms that name the same everyday concept as a term. */
export function relatedTerms(term: string): ReadonlySet<string> {
  return related.get(term) ?? new Set();
}
