import { lazy, Suspense } from 'react';
import { PizzaSymbols } from '../components/pizza/pizza.tsx';
import { StatePage } from '../features/state/state-page.tsx';
import { usePath } from './navigation.ts';
import { NoPage } from './no-page.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { type Route, routeOf } from './routes.ts';
import { useSession } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { TopBar } from './top-bar.tsx';

// The page of the states is what nearly everybody opens; the others are fetched when somebody goes there.
const PipelinePage = lazy(async () => ({
  default: (await import('../features/pipeline/pipeline-page.tsx')).PipelinePage,
}));
const QuarantinePage = lazy(async () => ({
  default: (await import('../features/quarantine/quarantine-page.tsx')).QuarantinePage,
}));
const RecordPage = lazy(async () => ({
  default: (await import('../features/quarantine/record-page.tsx')).RecordPage,
}));

/** The page that the address names, under the bar; or the question for a key when the server wants one. */
export function App() {
  const path = usePath();
  const { key, refusal } = useSession();
  const route = routeOf(path);
  return (
    <>
      <PizzaSymbols />
      <TopBar page={route.page} />
      {refusal === undefined ? (
        <>
          <OfflineBanner />
          <PageBoundary key={`${path} ${key}`}>
            <Suspense fallback={<main id="main" className="page" aria-busy="true" />}>
              <Page route={route} />
            </Suspense>
          </PageBoundary>
        </>
      ) : (
        <SignIn />
      )}
    </>
  );
}

function Page({ route }: { route: Route }) {
  if (route.page === 'states') return <StatePage />;
  if (route.page === 'pipeline') return <PipelinePage />;
  if (route.page === 'quarantine') return <QuarantinePage />;
  if (route.page === 'record') return <RecordPage id={route.id} />;
  return <NoPage />;
}
