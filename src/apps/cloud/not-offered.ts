import { SlicehouseError } from '../../contract/errors.ts';
import type { App } from '../../http/create-app.ts';

/** Calls of the single machine that a function cannot answer, and what there is instead. */
const notOffered = [
  [
    'GET',
    '/v1/events',
    'Live events are not offered here, because a function answers and ends. Ask GET /v1/pipeline: data_version grows with every load.',
  ],
  [
    'POST',
    '/v1/refresh',
    'The refresh is a state machine here: start an execution of it. GET /v1/pipeline tells of the last runs.',
  ],
  [
    'POST',
    '/v1/verify',
    'The proof of the books from the files is not offered here. GET /v1/pipeline shows the books and whether they balance.',
  ],
  ...(['stores', 'customers'] as const).map(
    (table) =>
      [
        'PUT',
        `/v1/reference/${table}`,
        'Stores and customers come from MySQL here, with the refresh. Put them there.',
      ] as const,
  ),
  ['GET', '/metrics', 'Metrics are in CloudWatch here, in the namespace Slicehouse.'],
  ['GET', '/docs', 'The page to try the calls is not offered here; /openapi.json describes them.'],
] as const;

/** Says of calls that make no sense here where to turn to. */
export function notOfferedRoutes(app: App): void {
  for (const [method, url, detail] of notOffered) {
    app.route({
      method,
      url,
      schema: { hide: true },
      handler: async () => {
        throw new SlicehouseError('not_found', detail);
      },
    });
  }
}
