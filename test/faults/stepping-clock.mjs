/** Loaded into a server before anything else: each SIGUSR2 sets the clock that it sees back by an hour. */
const hour = 3_600_000;
const RealDate = Date;
const now = RealDate.now;
let behind = 0;

process.on('SIGUSR2', () => {
  behind += hour;
});

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now() - behind] : args));
  }
  static now() {
    return now() - behind;
  }
};
