import assert from 'node:assert/strict';

/** Asserts that a call fails with this status and error code, in the form of Clerk's API errors. */
export const fails = (promise, status, code) =>
  assert.rejects(promise, error => {
    assert.deepEqual([error.clerkError, error.status, error.errors?.[0].code], [true, status, code], String(error));
    assert.ok(error.clerkTraceId && error.errors[0].message);
    return true;
  });

/** An image of one pixel. */
export const picture = new Blob(
  [Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')],
  { type: 'image/png' },
);
