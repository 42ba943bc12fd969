import { Link } from './link.tsx';
import { PageHeading } from './page-heading.tsx';

/** What stands at an address that is none of ours. */
export function NoPage() {
  return (
    <main id="main" className="page" tabIndex={-1}>
      <div className="page-title">
        <PageHeading title="There is no such page" />
        <p>
          Go to the <Link href="/">states</Link>, the <Link href="/pipeline">pipeline</Link> or the{' '}
          <Link href="/quarantine">quarantine</Link>.
        </p>
      </div>
    </main>
  );
}
