import { KeepsakeError } from './errors.js';
import { type Span, spanOf } from './time/instants.js';

/** What a filter can see of a memory. Lists hold every agent and run that stated it; times are ISO 8601 or, for occurred_at, shorter. */
export interface FilterFields {
  id: string;
  kind: string;
  subject?: string | undefined;
  pinned?: boolean | undefined;
  agent_id?: readonly string[] | undefined;
  run_id?: readonly string[] | undefined;
  created_at?: string | undefined;
  updated_at?: string | undefined;
  said_at?: string | undefined;
  occurred_at?: string | undefined;
  last_recalled_at?: string | undefined;
  metadata?: Readonly<Record<string, string | number | boolean>> | undefined;
}

type Scalar = string | number | boolean;
type Test = (fields: FilterFields) => boolean;
type Operator = (typeof operators)[number];

const operators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin', 'contains'] as const;
const timeKeys = ['created_at', 'updated_at', 'said_at', 'occurred_at', 'last_recalled_at'] as const;
const otherKeys = ['id', 'kind', 'subject', 'pinned', 'agent_id', 'run_id'] as const;
const deepest = 10;
const mostConditions = 100;
const longestList = 1000;

type TimeKey = (typeof timeKeys)[number];
type OtherKey = (typeof otherKeys)[number];

const isTimeKey = (key: string): key is TimeKey => timeKeys.some((known) => known === key);
const isOtherKey = (key: string): key is OtherKey => otherKeys.some((known) => known === key);
const isOperator = (name: string): name is Operator => operators.some((known) => known === name);
const isScalar = (value: unknown): value is Scalar =>
  ['string', 'boolean'].includes(typeof value) || (typeof value === 'number' && Number.isFinite(value));
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function refuse(message: string): never {
  throw new KeepsakeError('invalid_argument', message);
}

/** Whether one value of a memory satisfies an operator; values of different types are never equal, less or greater. */
function holds(value: Scalar, operator: Operator, wanted: readonly Scalar[]): boolean {
  const [first] = wanted;
  switch (operator) {
    case 'eq':
    case 'in':
      return wanted.includes(value);
    case 'ne':
    case 'nin':
      return !wanted.includes(value);
    case 'contains':
      return typeof value === 'string' && value.toLowerCase().includes(String(first).toLowerCase());
    default:
      if (typeof value === 'boolean' || typeof first !== typeof value || first === undefined) return false;
      return operator === 'gt' ? value > first : operator === 'gte' ? value >= first : operator === 'lt' ? value < first : value <= first;
  }
}

/**
 * Whether a time satisfies an operator. Equal: the spans share an instant. gte: not over before the wanted span begins;
 * gt: begins after the wanted one is over; lte and lt likewise. So gte 2024-03 begins with March, lte 2024-03-09 ends
 * with that day, and for a full instant they are plain comparisons.
 */
function timeHolds(value: Span, operator: Exclude<Operator, 'contains'>, wanted: readonly Span[]): boolean {
  const [first] = wanted;
  const shared = wanted.some((span) => value.start < span.end && value.end > span.start);
  if (operator === 'eq' || operator === 'in') return shared;
  if (operator === 'ne' || operator === 'nin') return !shared;
  if (!first) return false;
  switch (operator) {
    case 'gt':
      return value.start >= first.end;
    case 'gte':
      return value.end > first.start;
    case 'lt':
      return value.end <= first.start;
    case 'lte':
      return value.start < first.end;
  }
}

function timeTest(key: TimeKey, operator: Operator, { wanted, zone }: { wanted: readonly Scalar[]; zone: string }): Test {
  if (operator === 'contains') {
    return (fields) => {
      const value = fields[key];
      return value !== undefined && holds(value, operator, wanted);
    };
  }
  const spans = wanted.map((value) => {
    if (typeof value !== 'string')
      refuse(`filters.${key}.${operator} compares times: give ISO 8601, for example {"${key}": {"gte": "2024-03-09"}}.`);
    try {
      return spanOf(value, zone);
    } catch (error) {
      if (error instanceof RangeError) refuse(`filters.${key}.${operator}: ${error.message}`);
      throw error;
    }
  });
  return (fields) => {
    const value = fields[key];
    if (value === undefined) return operator === 'ne' || operator === 'nin';
    return timeHolds(spanOf(value, zone), operator, spans);
  };
}

function valuesOf(fields: FilterFields, key: string): readonly Scalar[] {
  if (isOtherKey(key)) {
    const value = key === 'pinned' ? (fields.pinned ?? false) : fields[key];
    return value === undefined ? [] : isScalar(value) ? [value] : value;
  }
  const name = key.startsWith('metadata.') ? key.slice('metadata.'.length) : key;
  const value = fields.metadata?.[name];
  return value === undefined ? [] : [value];
}

function plainTest(key: string, operator: Operator, wanted: readonly Scalar[]): Test {
  const every = operator === 'ne' || operator === 'nin';
  return (fields) => {
    const values = valuesOf(fields, key);
    return every ? values.every((value) => holds(value, operator, wanted)) : values.some((value) => holds(value, operator, wanted));
  };
}

function wantedOf(key: string, operator: Operator, value: unknown): Scalar[] {
  const list = operator === 'in' || operator === 'nin';
  if (!list) return isScalar(value) ? [value] : refuse(`filters.${key}.${operator} takes one string, number or boolean.`);
  if (!Array.isArray(value) || value.length > longestList || !value.every(isScalar)) {
    return refuse(`filters.${key}.${operator} takes a list of at most ${longestList} strings, numbers or booleans.`);
  }
  return value;
}

/**
 * Compiles the `filters` of a recall or forget to a test. Keys of one object must all hold; `and`, `or` take arrays, `not`
 * an object; a bare value means eq. A missing value or one of another type matches only ne, nin and not. Times without
 * an offset are of `zone`. Raises KeepsakeError invalid_argument that names the key and what is known.
 */
export function compileFilter(filter: unknown, options: { zone: string }): (fields: FilterFields) => boolean {
  let conditions = 0;

  function condition(key: string, operator: Operator, value: unknown): Test {
    if (++conditions > mostConditions)
      refuse(`filters hold more than ${mostConditions} conditions; use in with a list instead of many eq.`);
    const wanted = wantedOf(key, operator, value);
    return isTimeKey(key) ? timeTest(key, operator, { wanted, zone: options.zone }) : plainTest(key, operator, wanted);
  }

  function field(key: string, value: unknown): Test {
    if (!isRecord(value)) {
      if (Array.isArray(value)) refuse(`filters.${key} is a list; to match any of it give {"${key}": {"in": [...]}}.`);
      return condition(key, 'eq', value);
    }
    const entries = Object.entries(value);
    if (entries.length === 0) refuse(`filters.${key} is empty; give a value or one of ${operators.join(', ')}.`);
    const tests = entries.map(([name, wanted]) =>
      isOperator(name)
        ? condition(key, name, wanted)
        : refuse(`filters.${key} has the unknown operator "${name}"; known are ${operators.join(', ')}.`),
    );
    return (fields) => tests.every((test) => test(fields));
  }

  function group(name: string, value: unknown, depth: number): Test[] {
    if (!Array.isArray(value)) return refuse(`filters.${name} takes a list of objects, for example {"${name}": [{"kind": "insight"}]}.`);
    if (value.length === 0) refuse(`filters.${name} is an empty list; give at least one object.`);
    return value.map((part) => compile(part, depth + 1));
  }

  function compile(part: unknown, depth: number): Test {
    if (depth > deepest) refuse(`filters are nested deeper than ${deepest}; flatten them.`);
    if (!isRecord(part)) return refuse('filters take an object such as {"kind": "insight"}.');
    const tests = Object.entries(part).map(([key, value]): Test => {
      switch (key) {
        case 'and': {
          const all = group(key, value, depth);
          return (fields) => all.every((test) => test(fields));
        }
        case 'or': {
          const any = group(key, value, depth);
          return (fields) => any.some((test) => test(fields));
        }
        case 'not': {
          const inner = compile(value, depth + 1);
          return (fields) => !inner(fields);
        }
        default:
          return field(key, value);
      }
    });
    return (fields) => tests.every((test) => test(fields));
  }

  return compile(filter, 1);
}
