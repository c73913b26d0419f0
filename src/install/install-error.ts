/** Something that cannot be installed or removed; nothing was changed. The message says what to do by hand. */
export class InstallError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InstallError';
  }
}
