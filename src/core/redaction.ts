/** One kind of secret: the group `secret` or `quoted` of the match, else all of it; every pattern is linear in its text. */
interface SecretPattern {
  kind: string;
  find: RegExp;
  /** Whether what was found is a secret after all. */
  confirm?: (secret: string) => boolean;
}

/** A key that begins with its maker's prefix, where no other key character precedes (which also keeps the search linear). */
function key(kind: string, body: string): SecretPattern {
  return { kind, find: new RegExp(`(?<![A-Za-z0-9_-])(?:${body})`, 'g'), confirm: isNoPlaceholder };
}

const passwordWord =
  '(?:pass ?(?:words?|codes?|phrases?|wd)|passwort|kennwort|pwd|contraseña|senha|mot de passe|пароль|パスワード|비밀번호|密码|密碼|口令)';
const tokenWord =
  '(?:(?:api|secret|access|private|auth|service|signing|encryption)[ _-]?(?:access[ _-]?)?(?:key|token)|client[ _-]?secret|(?<![a-z])secret|(?<![a-z])token|密钥|秘钥|令牌)';
const quoted = '(?<quoted>"[^"\\n]{1,200}"|\'[^\'\\n]{1,200}\'|`[^`\\n]{1,200}`)';
/** A word without the punctuation that closes its sentence. */
const bare = '(?<secret>[^\\s"\'`，。；！？、]{0,199}[^\\s"\'`，。；！？、.,;)])';
const states = '(?: (?:is|was|are|ist|lautet|es|est)(?: now| still)? | ?已?经?(?:是|为|改成了?|换成了?|设置?[为成]|は) ?)';
/** Without brackets: what was redacted before is no purpose. */
const purpose = '(?: (?:for|of|to|on|at)(?: [^\\s:=.!?[\\]]{1,30}){1,4}?)?';
/** A password that was changed to another, or is to be: `to` alone may lead to whom it is sent. */
const changes = `\\b(?:re)?(?:chang|set|updat|switch|rotat)\\w{0,4}(?: [^\\s:=.!?[\\]]{1,30}){0,4}? ${passwordWord}${purpose} to |${passwordWord}${purpose}(?: (?:is|was|has|have|had|been|be|got|gets)){0,3} (?:changed|reset|set|updated) to `;
/** What a bare password ends at; the group is left open for more. */
const ending = '(?=[.,;!?)，。；！？]|\\s*$|\\n|\\s(?:and|but|for|on|so)\\b';
const timeOfChange = '\\s(?:yesterday|today|tonight|last|this|recently|again|because|since|after|when|now|just)\\b';

/** Words that say something about a password instead of being one. */
const plainWords = new Set(
  (
    'a an the not no in on at by for from with same too very quite so more less my your his her our their its also only always never still now just ' +
    'required wrong incorrect correct expired weak strong safe secure insecure stored saved kept changed reset rotated hashed encrypted unknown ' +
    'invalid valid empty missing different shared private secret public easy hard long short longer shorter old new needed optional set unset ' +
    'string text null undefined none true false boolean any and or but that this it what which if as of to be being been important sensitive something anything one ones prevent protect avoid comply'
  ).split(' '),
);

function isNoPlaceholder(secret: string): boolean {
  return !/^["'`]?(?:\[redacted|[<*…]|\$\{|\{\{|x{3,}|\.{3})/i.test(secret) && !plainWords.has(secret.toLowerCase());
}

/** What no word of a language looks like: digits, signs or capitals inside, or quotation marks around it. */
function looksMadeUp(secret: string): boolean {
  return /[0-9@#$%^&*_+=~!"'`]|[a-z][A-Z]/.test(secret) && isNoPlaceholder(secret);
}

/** The lengths that each issuer gives out, by leading digits (ISO/IEC 7812). */
const cardIssuers = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^(?:6011|65\d\d|64[4-9]\d)\d{12}$/,
  /^62\d{14,17}$/,
  /^35\d{14}$/,
  /^3(?:0[0-5]|[68]\d)\d{11}$/,
];

/** Checks the digit of Luhn (ISO/IEC 7812-1, annex B) on a number that an issuer may give out. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!cardIssuers.some((issuer) => issuer.test(digits))) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const product = Number(digits.charAt(digits.length - 1 - at)) * (at % 2 === 0 ? 1 : 2);
    sum += product > 9 ? product - 9 : product;
  }
  return sum % 10 === 0;
}

const secretPatterns: SecretPattern[] = [
  {
    kind: 'private key',
    find: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  key('Anthropic key', 'sk-ant-[A-Za-z0-9_-]{8,}'),
  key('OpenAI key', 'sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{8,}'),
  key('API key', 'sk-[A-Za-z0-9_-]{16,}'),
  key('AWS key', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])'),
  { kind: 'AWS secret key', find: /aws.{0,20}?(?:secret|key).{0,10}?[=:\s]\s?["']?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi },
  key('GitHub token', '(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,})'),
  key('GitLab token', 'gl(?:pat|dt|rt|ptt)-[A-Za-z0-9_-]{16,}'),
  key('Slack token', 'x(?:ox[abeoprs]|app)-[A-Za-z0-9-]{10,}'),
  { kind: 'Slack webhook', find: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9/_-]{20,200})/g },
  key('Google key', '(?:AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,}|ya29\\.[A-Za-z0-9_-]{20,})'),
  key('Stripe key', '(?:[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{20,})'),
  key('npm token', 'npm_[A-Za-z0-9]{36}'),
  key('PyPI token', 'pypi-[A-Za-z0-9_-]{50,}'),
  key('Hugging Face token', 'hf_[A-Za-z0-9]{30,}'),
  key('SendGrid key', 'SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,128}'),
  key('Telegram token', '\\d{8,10}:AA[A-Za-z0-9_-]{33}'),
  key('DigitalOcean token', 'do[opr]_v1_[a-f0-9]{64}'),
  key('Shopify token', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}'),
  key('API key', '(?:(?:gsk|r8|jina|lin_api|ntn|secret|sbp|dckr_pat|figd)_|(?:xai|pplx|tvly|nvapi|PMAK)-)[A-Za-z0-9_-]{24,}'),
  key('web token', 'eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*'),
  { kind: 'bearer token', find: /\bbearer\s{1,9}(?<secret>[A-Za-z0-9._~+/-]{12,}=*)/gi, confirm: looksMadeUp },
  {
    kind: 'credentials',
    find: /\bauthorization["']?\s{0,9}[:=]\s{0,9}["']?(?:basic|token|apikey)\s{1,9}(?<secret>[A-Za-z0-9._~+/=-]{8,})/gi,
  },
  { kind: 'password', find: /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,100}:(?<secret>[^\s@/]{1,200})(?=@)/gi, confirm: isNoPlaceholder },
  {
    kind: 'passphrase',
    find: /\b(?:seed|recovery|mnemonic)(?: phrase| words)?\s?(?:is|:|=)\s?(?<secret>(?:[a-z]{3,8} ){11,23}[a-z]{3,8})\b/gi,
  },
  { kind: 'PIN', find: /(?<![a-z])(?:pin(?: ?code)?|cvv2?|cvc2?)(?: number)?\s?(?:is|was|:|=)\s?(?<secret>\d{3,8})(?!\d)/gi },
  {
    kind: 'password',
    find: new RegExp(
      `${passwordWord}["'\`]?${purpose}(?: is| are| 是)?[^\\S\\n]?[:=：＝]{1,2}>?[^\\S\\n]{0,9}(?:${quoted}|${bare})`,
      'giu',
    ),
    confirm: isNoPlaceholder,
  },
  {
    kind: 'password',
    find: new RegExp(`(?:${passwordWord}${purpose}${states}|${changes})(?:${quoted}|${bare})`, 'giu'),
    confirm: looksMadeUp,
  },
  {
    kind: 'password',
    find: new RegExp(`${passwordWord}${purpose}${states}${bare}${ending})`, 'giu'),
    confirm: isNoPlaceholder,
  },
  { kind: 'password', find: new RegExp(`(?:${changes})${bare}${ending}|${timeOfChange})`, 'giu'), confirm: isNoPlaceholder },
  {
    kind: 'API key',
    find: new RegExp(
      `${tokenWord}["'\`]?${purpose}(?:\\s?[:=：＝]{1,2}>?\\s{0,9}| is (?:now )?| ?[是为] ?)["'\`]?(?<secret>[A-Za-z0-9_+/=.~-]{12,})`,
      'giu',
    ),
    confirm: (secret) => /[0-9]/.test(secret) && /[A-Za-z]/.test(secret) && isNoPlaceholder(secret),
  },
  {
    kind: 'card number',
    find: /(?<![\d.])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|3\d{3}([ -]?)\d{6}\2\d{4,5}|\d{13,19})(?!\d|\.\d)/g,
    confirm: isCardNumber,
  },
];

/**
 * Replaces secrets by `[redacted: kind]` and names their kinds in the order of the table. E-mail addresses, telephone
 * numbers, network addresses and commit hashes are no secrets. Redacting twice changes nothing more.
 */
export function redact(text: string): { text: string; redactions: string[] } {
  const redactions: string[] = [];
  let redacted = text;
  for (const { kind, find, confirm } of secretPatterns) {
    redacted = redacted.replace(find, (match: string, ...rest: unknown[]) => {
      const groups = rest.at(-1);
      const named: Record<string, string | undefined> = typeof groups === 'object' && groups !== null ? { ...groups } : {};
      const secret = named.quoted ?? named.secret ?? match;
      if (confirm && !confirm(secret)) return match;
      redactions.push(kind);
      const at = match.lastIndexOf(secret);
      return `${match.slice(0, at)}[redacted: ${kind}]${match.slice(at + secret.length)}`;
    });
  }
  return { text: redacted, redactions };
}

/** Whether nothing is left of a text but the marks of what was redacted. */
export function isAllRedacted(text: string): boolean {
  const rest = text.replace(/\[redacted: [^\]\n]*\]/g, '');
  return rest !== text && !/[\p{L}\p{N}]/u.test(rest);
}
