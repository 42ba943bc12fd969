const betweenMs = 2_000;

/**
 * Runs `refresh` after news: at most once in two seconds, only while somebody can see the page, and never while
 * the last run is still going on. News that come meanwhile are not forgotten.
 */
export function createRefresher(refresh: () => Promise<unknown>): { news(): void; start(): () => void } {
  let due = false;
  let running = false;
  let lastStart = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const run = async () => {
    timer = undefined;
    if (document.hidden) return;
    due = false;
    running = true;
    lastStart = performance.now();
    try {
      await refresh();
    } finally {
      running = false;
      plan();
    }
  };
  const plan = () => {
    if (!due || running || timer !== undefined || document.hidden) return;
    timer = setTimeout(() => void run(), Math.max(0, lastStart + betweenMs - performance.now()));
  };
  return {
    news() {
      due = true;
      plan();
    },
    /** Listens for the page to be seen again; the answer stops that and what is planned. */
    start() {
      document.addEventListener('visibilitychange', plan);
      return () => {
        clearTimeout(timer);
        timer = undefined;
        document.removeEventListener('visibilitychange', plan);
      };
    },
  };
}
