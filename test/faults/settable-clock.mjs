// The product as a process whose clock is CLOCK_AHEAD_MS ahead, and is set an hour forward by SIGUSR2, and an hour back
// by SIGHUP. Time passes as it does.
const RealDate = Date;
let aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + aheadMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + aheadMs;
  }
};

process.env.UV_THREADPOOL_SIZE ??= '16';
process.on('SIGUSR2', () => {
  aheadMs += 3_600_000;
});
process.on('SIGHUP', () => {
  aheadMs -= 3_600_000;
});

const { main } = await import(new URL('../../dist/src/apps/cli.js', import.meta.url).href);
await main(process.argv);
