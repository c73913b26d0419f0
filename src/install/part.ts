/** What an installation is made of: the server in a client's configuration, words for assistants, and hooks. */
export const partKinds = ['server', 'rules', 'hooks'] as const;
/** One of the kinds of parts. */
export type PartKind = (typeof partKinds)[number];

/** Something that is added to a file of the user's, and can be taken out again. Both directions raise InstallErrors and keep everything else. */
export interface Part {
  kind: PartKind;
  /** Absolute path of the file. */
  path: string;
  /** Permissions of the file where it has to be made. */
  mode: number;
  /** The file's text with the part in it, brought up to date where it is there already. */
  put(text: string): string;
  /** The file's text without the part; `original` is the text from before it was put, if that is known. */
  take(text: string, original: string | undefined): string;
  /** Whether a text holds nothing but what making the file for this part put there. */
  isEmpty(text: string): boolean;
}
