import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf } from './core/errors.js';
import { isSecureUrl } from './core/secure-url.js';

/** Free text of up to so many characters. */
export const text = (longest = 200) => ({
  schema: z.string().trim().min(1).max(longest),
  allowed: `text of up to ${longest.toLocaleString('en')} characters`,
});

/** One of a few words. */
export const choice = <const T extends readonly [string, ...string[]]>(...values: T) => ({
  schema: z.string().trim().pipe(z.enum(values)),
  allowed: values.join(', ').replace(/, ([^,]*)$/, ' or $1'),
  choices: values,
});

/** A whole number from 0. */
export const count = (most: number) => ({
  schema: z
    .string()
    .trim()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().max(most)),
  allowed: `a whole number from 0 to ${most.toLocaleString('en')}`,
});

const day = 24 * 3600 * 1000;

/** A number of days (30d), 0 or forever, as milliseconds. */
export const days = {
  schema: z
    .string()
    .trim()
    .regex(/^(0|forever|\d{1,5}d)$/)
    .transform((text) => (text === 'forever' ? Number.POSITIVE_INFINITY : Number.parseInt(text, 10) * day)),
  allowed: 'days such as 30d, 0 or forever',
};

/** A refinement that refuses what `check` throws at. */
function accepts(check: (value: string) => unknown): (value: string, context: z.RefinementCtx) => void {
  return (value, context) => {
    try {
      check(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
    }
  };
}

function absolutePath(path: string): string {
  return /^~(?=$|[/\\])/.test(path) ? join(homedir(), path.slice(1)) : resolve(path);
}

/** A path, made absolute; `~` is the user's home folder. */
export const file = {
  // A path with an unsubstituted variable in it would make a folder of that name.
  schema: z
    .string()
    .trim()
    .refine((path) => !path.includes('${') && !path.includes('\0'))
    .superRefine(accepts(absolutePath))
    .transform(absolutePath),
  allowed: 'a path without unsubstituted variables',
};

/** An http or https URL; slashes at its end are dropped. */
export const url = {
  schema: z
    .string()
    .trim()
    .refine((address) => URL.canParse(address) && /^https?:$/.test(new URL(address).protocol))
    .transform((address) => address.replace(/\/+$/, '')),
  allowed: 'a URL that begins with http:// or https://',
};

const isOrigin = (address: string) => new URL(address).href === `${new URL(address).origin}/`;

/** The origin of http or https URLs: scheme, host and port, and nothing that could be taken for more. */
export const origin = {
  schema: url.schema.refine(isOrigin).transform((address) => new URL(address).origin),
  allowed: 'a URL such as https://memory.example.com, without a path, query, fragment, user or password',
};

/** An https URL, or an http one of this machine; slashes at its end are dropped. */
export const secureUrl = {
  schema: url.schema.refine(isSecureUrl),
  allowed: 'a URL that begins with https://, or http:// on this machine',
};

/** A secret that is sent in a header. */
export const key = {
  schema: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/),
  allowed: 'printable ASCII without spaces',
  secret: true,
} as const;

/** A switch. */
export const onOff = {
  schema: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(['on', 'off', 'true', 'false']))
    .transform((value) => value === 'on' || value === 'true'),
  allowed: 'on or off',
};

/** A name in NFC that `check` does not refuse. */
export const name = (check: (value: string) => unknown) => z.string().normalize('NFC').superRefine(accepts(check));

/** An IANA time zone under its canonical name. */
export const zone = z
  .string()
  .trim()
  .superRefine(accepts((timeZone) => new Intl.DateTimeFormat('en', { timeZone })))
  .transform((timeZone) => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone);

/** Several values of one type, separated by commas. */
export const list = <T>({ schema, allowed }: { schema: z.ZodType<T, string>; allowed: string }) => ({
  schema: z
    .string()
    .transform((text) => text.split(',').filter((part) => part.trim() !== ''))
    .pipe(z.array(schema).min(1)),
  allowed: `${allowed}, or several of them separated by commas`,
});
