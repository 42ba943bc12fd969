import type { CheckResult } from '../contract/refresh.ts';
import type { Log } from '../runtime/log.ts';
import type { RefreshResult } from './refresh.ts';

const tries = 3;
const timeoutMs = 10_000;

/** What a webhook is sent: `text` is what chat programs show, the rest is for programs. */
export interface Alert {
  readonly text: string;
  readonly run: RefreshResult;
  readonly checks: readonly CheckResult[];
  readonly steps: readonly { readonly step: string; readonly detail: string | null }[];
}

/** The alert of a run, or undefined when there is nothing to say. */
export function alertOf(run: RefreshResult, checks: readonly CheckResult[], steps: Alert['steps']): Alert | undefined {
  const bad = checks.filter(({ status }) => status !== 'passed');
  if (run.status === 'done' && bad.length === 0) return undefined;
  const said = [
    ...steps.map(({ step, detail }) => `${step} failed: ${detail ?? 'no reason given'}`),
    ...bad.map(({ status, message }) => `${status}: ${message}`),
  ];
  return {
    text: `Slicehouse refresh of ${run.business_date} ${run.status}. ${said.join(' ')}`,
    run,
    checks: bad,
    steps,
  };
}

/** Posts an alert as JSON; tries three times, and says in the log when nobody took it. The address is a secret. */
export async function sendAlert(url: string, alert: Alert, log: Log, waitMs = 2_000): Promise<boolean> {
  let reason = '';
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alert),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (answer.ok) return true;
      reason = `it answered ${answer.status}`;
    } catch (error) {
      reason = error instanceof Error ? error.name : 'it could not be reached';
    }
    if (attempt < tries) await new Promise((resolve) => setTimeout(resolve, attempt * waitMs));
  }
  log.error({ reason, host: new URL(url).host }, 'the alert webhook did not take the alert');
  return false;
}
