import { Component, type ReactNode } from 'react';
import { Failure } from '../components/failure.tsx';

/** Keeps a page whose code cannot be fetched, or that breaks, from taking the bar above it along. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main id="main" className="page" tabIndex={-1}>
        <Failure title="This page cannot be shown" error={error} onRetry={() => location.reload()} />
      </main>
    );
  }
}
