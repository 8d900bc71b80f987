// Requests as browsers send them: a new connection each, no redirects followed, and a limit on how long it may take.

import { request } from 'node:http';

/** Returns `{ status, headers, body, ms }`. Fails if the connection does, or after `seconds`. */
export function get(url, { cookie, headers = {}, seconds = 60, agent = false } = {}) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, headers: { accept: 'text/html', 'sec-fetch-dest': 'document', ...(cookie && { cookie }), ...headers } },
      (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(parts).toString();
          resolve({ status: response.statusCode, headers: response.headers, body, ms: performance.now() - began });
        });
      },
    );
    sent.setTimeout(seconds * 1000, () => sent.destroy(new Error(`no response of ${url} in ${seconds} s`)));
    sent.on('error', reject);
    sent.end();
  });
}
