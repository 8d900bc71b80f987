// The oracle for webhooks: the official verifyWebhook verifies messages that arrive as lines of JSON on stdin,
// { secret, headers, body }, and each is answered, in order, with { type } or { error }.
import { createInterface } from 'node:readline';
import { verifyWebhook } from '@clerk/backend/webhooks';

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  const request = new Request('http://localhost/', { method: 'POST', headers, body });
  const verdict = await verifyWebhook(request, { signingSecret: secret }).then(
    event => ({ type: event.type }),
    error => ({ error: String(error) }),
  );
  console.log(JSON.stringify(verdict));
}
