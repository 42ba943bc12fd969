import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

interface Asked {
  readonly method?: string;
  readonly contentType?: string;
  readonly body?: string;
}

/**
 * Asks over a kept-alive connection and reads the whole answer as JSON.
 *
 * @throws Error with status and body when the answer is not a 2xx
 */
export async function askJson<T>(url: string, { method = 'GET', contentType, body }: Asked = {}): Promise<T> {
  return JSON.parse(await askText(url, { method, ...(contentType && { contentType }), ...(body && { body }) })) as T;
}

/** As `askJson`, for answers that are not JSON. */
export function askText(url: string, { method = 'GET', contentType, body }: Asked = {}): Promise<string> {
  const headers = contentType === undefined ? {} : { 'content-type': contentType };
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve(text);
        else reject(new Error(`${method} ${url} was answered ${statusCode}: ${text.slice(0, 300)}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
