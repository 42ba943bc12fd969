import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from '../http/create-app.ts';
import { packageFile } from './package-file.ts';

/** Addresses of pages; one document draws them all. */
const pagePaths = ['/pipeline', '/quarantine', '/quarantine/:id'] as const;

/** The dashboard at `/` and its pages, the OpenAPI document, a page to try it, and what each error means. */
export async function dashboardRoutes(app: App): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  const errors = readFileSync(packageFile('docs/errors.md'));
  app.get('/docs/errors', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(errors),
  );
  const built = findDashboard();
  if (built === undefined) {
    app.get('/', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/plain').send('The dashboard is not built. Run "npm run build".\n'),
    );
    return;
  }
  // biome-ignore lint/nursery/noMisusedPromises: Fastify waits for plugins that return a promise
  await app.register(async (pages) => {
    await pages.register(helmet, { contentSecurityPolicy, strictTransportSecurity: false });
    // Hashed names never change their content; the page that names them may.
    await pages.register(fastifyStatic, {
      root: built,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
    for (const path of pagePaths)
      pages.get(path, { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'));
  });
}

/** The built dashboard: beside the built server, or in dist/ when the sources run as they are. */
function findDashboard(): string | undefined {
  return ['../../dashboard/', '../../dist/dashboard/']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(`${path}/index.html`) && existsSync(`${path}/assets`));
}

const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    // React sets style attributes; style elements and sheets come from here alone.
    styleSrcAttr: ["'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
  },
};
