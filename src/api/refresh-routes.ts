import { ProblemSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import { toProblem } from '../http/problem.ts';
import { sendLines } from '../http/send-lines.ts';

export interface RefreshRoutesOptions {
  readonly access: Access;
  /** The names of the steps, in order. */
  readonly steps: readonly string[];
  /** Runs the refresh, or joins the one under way; tells of each step. */
  readonly run: (listen: (news: object) => void, only: readonly string[] | undefined) => Promise<object>;
}

/** `POST /v1/refresh`: runs the daily refresh now; NDJSON lines say how far it is, the last has the result. */
export function refreshRoutes(app: App, { access, steps, run }: RefreshRoutesOptions): void {
  const schema = {
    summary: 'Run the refresh now, or some of its steps: NDJSON, progress and at last the result',
    description: `Steps: ${steps.join(', ')}.`,
    tags: ['operations'],
    querystring: {
      type: 'object',
      properties: { only: { type: 'string', description: 'Steps, with commas between' } },
    },
    response: { default: ProblemSchema },
  };
  app.post('/v1/refresh', { schema }, async (request, reply) => {
    access.require(request, 'admin');
    const { only } = request.query as { only?: string };
    const chosen = only?.split(',').map((name) => name.trim());
    const unknown = chosen?.find((name) => !steps.includes(name));
    if (unknown !== undefined)
      throw new SlicehouseError(
        'invalid_parameter',
        `There is no step '${unknown.slice(0, 40)}'. There are ${steps.join(', ')}.`,
      );
    return sendLines(reply, async (write) => {
      try {
        write({ result: await run((news) => write({ progress: news }), chosen) });
      } catch (error) {
        const known =
          error instanceof SlicehouseError ? error : new SlicehouseError('internal', (error as Error).message);
        write({ problem: toProblem(known) });
      }
    });
  });
}
