import '@fontsource-variable/inter/wght.css';
import './tokens.css';
import './base.css';
import '../components/components.css';
import './app.css';
import './print.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PizzaSymbols } from '../components/pizza/pizza.tsx';
import { StatePage } from '../features/state/state-page.tsx';
import { LiveProvider } from './live-context.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { createQueryClient } from './query-client.ts';
import { TopBar } from './top-bar.tsx';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={createQueryClient()}>
        <LiveProvider>
          <PizzaSymbols />
          <TopBar page="States" />
          <OfflineBanner />
          <StatePage />
        </LiveProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
