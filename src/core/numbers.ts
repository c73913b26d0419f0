/** English words for numbers. */
const cardinals: Record<string, number> = {
  ...{ zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12 },
  ...{ thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19, twenty: 20, thirty: 30 },
  ...{ forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 },
};
const ordinals: Record<string, number> = {
  ...{
    first: 1,
    second: 2,
    third: 3,
    fourth: 4,
    fifth: 5,
    sixth: 6,
    seventh: 7,
    eighth: 8,
    ninth: 9,
    tenth: 10,
    eleventh: 11,
    twelfth: 12,
  },
  ...{ thirteenth: 13, fourteenth: 14, fifteenth: 15, sixteenth: 16, seventeenth: 17, eighteenth: 18, nineteenth: 19, twentieth: 20 },
  ...{ thirtieth: 30 },
};
const multipliers: Record<string, number> = {
  dozen: 12,
  hundred: 100,
  thousand: 1000,
  k: 1000,
  grand: 1000,
  million: 1e6,
  m: 1e6,
  billion: 1e9,
};
/** Words that mean one or more numbers beside what they say. */
const others: Record<string, number[]> = {
  ...{
    once: [1],
    twice: [2],
    both: [2],
    couple: [2],
    pair: [2],
    twin: [2],
    twins: [2],
    double: [2],
    triple: [3],
    triplets: [3],
    trio: [3],
  },
  ...{ half: [2, 5, 6, 30, 50], halves: [2], quarter: [3, 4, 15, 25, 45], decade: [10], decades: [10], century: [100], fortnight: [14, 2] },
  ...{ noon: [12], midday: [12], midnight: [12, 24], 半: [5, 6, 30, 50], 刻: [15, 45], 俩: [2], 双: [2], 对: [2], 仨: [3] },
};
const chineseDigits: Record<string, number> = {
  ...{ 〇: 0, 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 },
};
const chineseUnits: Record<string, number> = { 十: 10, 百: 100, 千: 1000, 万: 1e4, 亿: 1e8 };

const numeral = '[〇零一二两三四五六七八九十百千万亿]';
/** What Chinese counts with; without one behind it a numeral is as often a part of a word (三明治, 周三). */
const counter = '[个個位名岁歲年月天日号號次本台辆輛条條张張块塊元只隻点點分秒周週层層斤公米杯瓶口家间間]';
const word = /[a-z]+/g;
const clock = /\b(?:half|quarter|past)\b|\b[ap]\.?m\b|o.?clock|noon|evening|tonight|\bnight|\d[:：]\d\d|[点點时時夜晚]|[上下]午/i;
/** A quarter to eight is 7:45. */
const beforeTheHour = /\b(?:quarter|five|ten|twenty|\d+) (?:to|before)\b|差/;

/** Digits as 0 to 9, thousands without their separators. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Nd}/gu, (digit) => (/\d/.test(digit) ? digit : digitOf(digit)))
    .replace(/(?<=\d)[,'’ ](?=\d{3}(?!\d))/g, '');
}

/** Decimal digits of a script come in a row of ten whose last is followed by no further digit. */
function digitOf(digit: string): string {
  let value = 0;
  for (let code = digit.codePointAt(0) ?? 0; /\p{Nd}/u.test(String.fromCodePoint(code - 1)) && value < 9; code -= 1) value += 1;
  return String(value);
}

const runsOf = (text: string) => (text.match(/\d+/g) ?? []).map((run) => run.replace(/^0+(?=\d)/, ''));

/** The numbers that a text states in digits, a date or a decimal as its parts. */
export function writtenNumbers(text: string): string[] {
  return runsOf(plain(text));
}

/** The numbers that a text states in digits or in words; words that seldom count ("one", "second") are left out. */
export function statedNumbers(text: string): string[] {
  const clean = plain(text);
  const spoken = englishNumbers(clean, cardinals)
    .flatMap(wholeOf)
    .filter((value) => value > 1);
  const chinese = [...clean.matchAll(new RegExp(`(?<!周|星期|礼拜|第|\\p{N}|${numeral})(${numeral}{1,20})(?=${counter})`, 'gu'))]
    .map(([, written = '']) => chineseNumber(written))
    .filter((value) => value > 1);
  return [...runsOf(clean), ...spoken.map(String), ...chinese.map(String)];
}

/** Every number that may be meant by the words of a text: as digits, in words, multiplied ("15k", "3万"), by a 12- or a 24-hour clock. */
export function meantNumbers(text: string): Set<string> {
  const clean = plain(text);
  const values = new Set<number>([0, 1]);
  for (const run of [...runsOf(clean), ...runsOf(clean.replace(/(?<=\d)\.(?=\d{3}(?!\d))/g, ''))])
    if (run.length < 16) values.add(Number(run));
  for (const run of englishNumbers(clean, { ...cardinals, ...ordinals })) for (const value of [...run, ...wholeOf(run)]) values.add(value);
  for (const each of [...(clean.match(word) ?? []), ...(clean.match(/[半刻俩双对仨]/g) ?? [])]) {
    for (const value of Object.hasOwn(others, each) ? (others[each] ?? []) : []) values.add(value);
    if (Object.hasOwn(multipliers, each)) values.add(multipliers[each] ?? 0);
  }
  for (const [written] of clean.matchAll(new RegExp(`${numeral}+`, 'g'))) {
    for (const value of [chineseNumber(written), ...[...written].map(chineseNumber)]) values.add(value);
  }
  for (const [, amount, unit = ''] of clean.matchAll(
    /(\d+(?:\.\d+)?)\s?(k|m|dozen|hundred|thousand|million|billion|[百千万亿])(?![a-z])/g,
  )) {
    values.add(Math.round(Number(amount) * (multipliers[unit] ?? chineseUnits[unit] ?? 1)));
  }
  if (clock.test(clean)) {
    if (beforeTheHour.test(clean)) for (const value of [...values].filter((each) => each > 0 && each <= 12)) values.add(value - 1);
    for (const value of [...values].filter((each) => each <= 24)) values.add(value < 12 ? value + 12 : value - 12);
    for (const minutes of [5, 10, 15, 20, 25]) if (values.has(minutes)) values.add(60 - minutes);
  }
  // 300,000 may be written as 30万, 1,500,000 as 1.5 million.
  const scaled = [...values].flatMap((value) => [1e3, 1e4, 1e6, 1e8].filter((unit) => value >= unit).map((unit) => value / unit));
  return new Set(
    [...values, ...scaled.filter((value) => Number.isInteger(value * 100))].flatMap((value) => runsOf(String(value))).concat(runsOf(clean)),
  );
}

/** Runs of number words as the values of their parts: "two hundred and five", "twenty-one", "nineteen eighty-four". */
function englishNumbers(clean: string, known: Record<string, number>): number[][] {
  const runs: number[][] = [];
  let run: number[] = [];
  const close = () => {
    if (run.length > 0) runs.push(run);
    run = [];
  };
  for (const each of clean.match(/[a-z]+|[^a-z\s-]/g) ?? []) {
    const last = run.at(-1) ?? 0;
    if (Object.hasOwn(known, each)) {
      const value = known[each] ?? 0;
      if (last >= 20 && last < 100 && last % 10 === 0 && value > 0 && value < 10) run[run.length - 1] = last + value;
      else run.push(value);
    } else if (run.length > 0 && each === 'dozen') run[run.length - 1] = last * 12;
    else if (run.length > 0 && Object.hasOwn(multipliers, each)) run.push(multipliers[each] ?? 1);
    else if (!(run.length > 0 && (each === 'and' || each === 'a'))) close();
  }
  close();
  return runs;
}

/** What a run of number words says as a whole. */
function wholeOf(run: number[]): number[] {
  // Digits one after the other; years and house numbers are said in pairs.
  if (run.length < 2 || run.every((part) => part < 10)) return run;
  if (run.every((part) => part < 100)) return [Number(run.join('').slice(0, 15))];
  let whole = 0;
  let part = 0;
  for (const value of run) {
    if (value < 100) part += value;
    else if (value === 100) part = Math.max(1, part) * value;
    else {
      whole += Math.max(1, part) * value;
      part = 0;
    }
  }
  return [whole + part];
}

function chineseNumber(written: string): number {
  const parts = [...written];
  if (parts.every((part) => part in chineseDigits)) return Number(parts.map((part) => chineseDigits[part]).join(''));
  let whole = 0;
  let section = 0;
  let digit: number | undefined;
  for (const part of parts) {
    const unit = chineseUnits[part];
    if (unit === undefined) digit = chineseDigits[part];
    else if (unit >= 1e4) {
      whole = (whole + section + (digit ?? 0)) * unit;
      section = 0;
      digit = undefined;
    } else {
      section += (digit ?? 1) * unit;
      digit = undefined;
    }
  }
  // 四千五 is 4,500, 四千零五 is 4,005.
  const [unit, last] = parts.slice(-2).map((part) => chineseUnits[part] ?? 0);
  return whole + section + (digit ?? 0) * (last === 0 && unit !== undefined && unit >= 100 ? unit / 10 : 1);
}
