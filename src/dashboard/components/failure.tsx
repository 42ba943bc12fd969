import { ApiError } from '../app/api.ts';
import { signOut, useSession } from '../app/session.ts';

interface FailureProps {
  error: Error;
  onRetry?: () => unknown;
  /** Said when the server did not say what kind of failure it is. */
  title?: string;
}

/** What went wrong, in the server's own words, and a way to try again, or to come back with another key. */
export function Failure({ error, onRetry, title = 'These figures could not be fetched' }: FailureProps) {
  const { key } = useSession();
  const problem = error instanceof ApiError ? error.problem : undefined;
  return (
    <div className="failure" role="alert">
      <div>
        <strong>{problem?.title ?? title}</strong>
        <p>{error.message}</p>
      </div>
      {problem?.code === 'forbidden' && key !== undefined ? (
        <button type="button" className="button" onClick={signOut}>
          Use another key
        </button>
      ) : (
        onRetry && (
          <button type="button" className="button" onClick={() => onRetry()}>
            Try again
          </button>
        )
      )}
    </div>
  );
}
