/** One line on standard error that says how far something has come. */
export interface ProgressLine {
  show(text: string): void;
  /** Ends the line; what is printed next starts a new one. */
  end(): void;
}

const everyMs = 100;
const everyMsInLog = 5_000;

/** On a terminal the line is written over; elsewhere a new one comes every five seconds. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownAtMs = Number.NEGATIVE_INFINITY;
  let open = false;
  return {
    show(text) {
      const nowMs = performance.now();
      if (nowMs - shownAtMs < (stream.isTTY ? everyMs : everyMsInLog)) return;
      shownAtMs = nowMs;
      stream.write(stream.isTTY ? `\r\u001b[K${text.slice(0, (stream.columns ?? 80) - 1)}` : `${text}\n`);
      open = stream.isTTY;
    },
    end() {
      if (open) stream.write('\r\u001b[K');
      open = false;
    },
  };
}
