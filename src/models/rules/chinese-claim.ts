import { move } from './chinese-forms.js';
import { framesOf } from './chinese-frames.js';
import { holderOf, openers, personOf, thingOf } from './chinese-holder.js';
import { isPast } from './chinese-past.js';
import { measuredOf } from './chinese-subject.js';
import type { Claim } from './claim.js';

const attributeForm =
  /我们?(?:的)?((?:最喜欢的|常用的)?[^，。是在换改变不再有没喜欢叫住用的从把]{1,8}(?:的[^，。是换改变叫]{1,6})?)(?:现在|目前|已经)?(?:是|叫|换成|改成|变成|改为|变为)/;

/** What "my X is Y" names: one noun, or none. */
export function attributeOf(text: string): string[] {
  const body = text.replace(/现在|目前|已经|新的|新/g, '');
  const found =
    attributeForm.exec(body)?.[1] ??
    /^([^，。是在换改变不再有没喜叫住用的从把我]{2,8})(?:是|换成|改成|改到|改为|变成)/.exec(body)?.[1] ??
    /最喜欢的([^，。是]{1,8})(?:现在)?(?:是|换成|变成|改成)/.exec(body)?.[0].replace(/(?:现在)?(?:是|换成|变成|改成)$/, '');
  const timed =
    /^(?:我们?的?)?([^，。我在是有住从到]{2,8}?)(?:在(?=周|星期|每|早|上午|下午|晚|中午|[\d一二三四五六七八九十]+点)|(?=[\d一二两三四五六七八九十百千万]+(?:元|块|点|公斤|斤)))/.exec(
      body,
    )?.[1];
  const owned = /^([^，。是我]{2,16}的[^，。是我的]{1,8}?)(?:是|换成|改成|改到|改为|变成)/.exec(body.replace(openers, ''))?.[1];
  const attribute = (found ?? timed ?? owned)
    ?.replace(new RegExp(`${move}(?:到|成|为)?$`), '')
    .replace(/^的|现在|已经|每[天周月年]的?/g, '');
  const person = personOf(body);
  // 我妈妈最喜欢的水果 is another one than 我最喜欢的水果.
  return attribute ? [person === undefined || attribute.includes(person) ? attribute : person + attribute] : [];
}

/** The kind of value that "is Y" gives. */
export function valueTypeOf(text: string): Claim['valueType'] {
  const value = /(?:是|叫|成)(?:了)?([^，。]*)/.exec(text)?.[1] ?? '';
  return /\d/.test(value) ? 'number' : /^一?[名个位]/.test(value) ? 'article' : 'other';
}

const amount =
  /(?:[\d.,]+|[一二两三四五六七八九十百千万半]+)个?(?:毫?克|公?斤|公里|里|米|步|欧元?|元|块钱?|美元|英镑|毫?升|杯|片|粒|颗|次|小时|分钟|页|本)$/;

/** The ends of a clause, from two to four characters, that hold no verb, and what is called by a name: what it is about in the end. */
export function headsOf(text: string): string[] {
  // What is paid for, not how much it is.
  const body = text.replace(/[。！!了\s]+$/, '').replace(amount, '');
  const names = [...body.matchAll(/(?:叫|名叫)([^的，。]{1,6})的/g)].map(([, name]) => name ?? '');
  return [2, 3, 4]
    .map((length) => body.slice(-length))
    .filter((end) => end.length > 1 && (end.length === 2 || framesOf(end).size === 0) && !/[在是的了]/.test(end))
    .concat(names);
}

/** What a clause states. */
export function readClaim(clause: string): Claim {
  const text = clause.replace(/[。！!\s]+$/, '');
  const frames = framesOf(text);
  const attribute = attributeOf(text);
  if (attribute.length > 0 || /是/.test(text)) frames.add('be');
  // Who changes the role may still be where they work.
  if (frames.has('work')) frames.delete('role');
  const lower = text.toLowerCase();
  const subject = thingOf(text);
  return {
    holder: holderOf(text),
    subject: attribute.length > 0 && /^(?:我|咱)/.test(text.replace(openers, '')) ? undefined : subject,
    measured: subject === undefined ? undefined : measuredOf(text, subject),
    frames,
    attribute,
    valueType: valueTypeOf(text),
    closed: /不再|已经不|[^，]不[^，]+了$|不是|没有|戒了/.test(text) || isPast(text),
    heads: new Set(headsOf(text)),
    has: (term) => lower.includes(term),
  };
}
