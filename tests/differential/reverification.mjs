// Tells, for each line of JSON on stdin, whether the official isReverificationHint recognizes it, and if so which
// reverification it asks for.
import { createInterface } from 'node:readline';
import { isReverificationHint } from '@clerk/shared/authorization-errors';

for await (const line of createInterface({ input: process.stdin })) {
  const body = JSON.parse(line);
  console.log(JSON.stringify(isReverificationHint(body) ? body.clerk_error.metadata.reverification : null));
}
