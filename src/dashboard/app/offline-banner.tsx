import { duration } from '../components/format.ts';
import { useLive } from './live-context.tsx';
import { useNow } from './use-now.ts';

/** Says, while the server cannot be reached, how old the figures on screen are. */
export function OfflineBanner() {
  const { connection, lastHeardAt } = useLive();
  const now = useNow(1_000);
  if (connection !== 'offline') return null;
  return (
    <div className="offline-banner" role="alert">
      <strong>The server cannot be reached.</strong>{' '}
      {lastHeardAt === undefined
        ? 'Trying again every few seconds.'
        : `These figures are ${duration(now - lastHeardAt)} old. Trying again every few seconds.`}
    </div>
  );
}
