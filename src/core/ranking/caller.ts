const asWords = (...forms: string[]) => new RegExp(String.raw`(?<![\p{L}\p{N}_.@/-])(?:${forms.join('|')})(?![\p{L}\p{N}_@/-])`, 'giu');

/**
 * How assistants name the one whose memories they search ("user's birthday", "用户的偏好"): memories say it rarely, and where
 * they do, of everything. English, German, French, Spanish, Italian, Portuguese, Russian; the plural is of other users.
 */
const caller = asWords(
  "(?:the )?user(?:['’]s)?",
  '(?:(?:der|des|dem|den) )?(?:be)?nutzers?',
  "(?:(?:de )?l['’])?utilisateur",
  '(?:d?el )?usuario',
  "(?:(?:l|dell)['’])?utente",
  '(?:d?o )?usuário',
  'пользовател(?:ь|я|ю|е|ем)',
);
const unspacedCaller = /(?:用户|用戶|使用者|ユーザー?)(?:的|の|は|が)?/gu;
/** Words for whatever is known of something; they narrow nothing. */
const fillers = asWords(
  'info(?:rmation)?',
  'details?',
  'informationen',
  'informations',
  'información',
  'detalles',
  'informazioni',
  'informações',
  'информация',
);

/** A query without the words that name neither a topic nor a person in it; as it is, where it has no others. */
export function withoutCaller(query: string): string {
  const rest = query.replace(caller, ' ').replace(unspacedCaller, ' ').replace(fillers, ' ');
  return rest.trim() === '' ? query : rest;
}
