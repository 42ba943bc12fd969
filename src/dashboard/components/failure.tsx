import { ApiError } from '../app/api.ts';

/** What went wrong, in the server's own words, and a way to try again. */
export function Failure({ error, onRetry }: { error: Error; onRetry: () => unknown }) {
  const title = error instanceof ApiError && error.problem ? error.problem.title : 'These figures could not be fetched';
  return (
    <div className="failure" role="alert">
      <div>
        <strong>{title}</strong>
        <p>{error.message}</p>
      </div>
      <button type="button" className="button" onClick={() => onRetry()}>
        Try again
      </button>
    </div>
  );
}
