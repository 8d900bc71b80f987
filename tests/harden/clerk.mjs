// A stub of Clerk's Backend API that fails on demand, and mints session tokens.

import { createServer } from 'node:http';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { freePorts } from '../../benches/programs.mjs';

const HOST = 'clerk.harden.example';

/** How the stub can fail. Each function answers a request. */
export const failures = {
  slow: (response) => setTimeout(() => response.destroy(), 60_000).unref(),
  notJson: (response) => response.end('<html>maintenance</html>'),
  wrongShape: (response) => json(response, 200, { keys: 'none', object: 42 }),
  noKeys: (response) => json(response, 200, { keys: [] }),
  limited: (response) => json(response.setHeader('retry-after', '7'), 429, error('too_many_requests')),
  broken: (response) => json(response, 500, error('internal_error')),
  closed: (response) => response.destroy(),
  halfClosed: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write('{"keys": [', () => response.destroy());
  },
};

export class Clerk {
  fail = undefined;
  calls = 0;
  #keys = [];

  static async start() {
    const clerk = new Clerk();
    clerk.rotateKeys();
    [clerk.port] = await freePorts(1);
    await clerk.up();
    return clerk;
  }

  async up() {
    this.server = createServer((request, response) => this.#answer(request, response));
    await new Promise((listening) => this.server.listen(this.port, '127.0.0.1', listening));
  }

  async down() {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** The variables of an app that uses it. */
  environment() {
    return {
      CLERK_PUBLISHABLE_KEY: `pk_live_${Buffer.from(`${HOST}$`).toString('base64')}`,
      CLERK_SECRET_KEY: 'sk_live_of_the_robustness_tests',
      CLERK_API_URL: `http://127.0.0.1:${this.port}`,
    };
  }

  /** Signs with a new key from now on. */
  rotateKeys({ keepOld = false } = {}) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const kid = `ins_${this.#keys.length}_${Date.now()}`;
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
    this.#keys = [{ kid, privateKey, jwk }, ...(keepOld ? this.#keys : [])];
  }

  /** The cookies of a signed-in browser. `now` is a Unix time in seconds. */
  cookies({ user = 'user_harden', now = Math.floor(Date.now() / 1000), lifetime = 3600 } = {}) {
    const [{ kid, privateKey }] = this.#keys;
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: `https://${HOST}`, sub: user, sid: 'sess_harden', iat: now, nbf: now - 10, exp: now + lifetime, v: 2, sts: 'active', fva: [0, -1] };
    const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`;
    const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url');
    return `__client_uat=${now - 1}; __session=${signed}.${signature}`;
  }

  #answer(request, response) {
    this.calls += 1;
    request.resume();
    if (this.fail) return this.fail(response);
    const { pathname } = new URL(request.url, 'http://stub');
    if (pathname === '/v1/jwks') return json(response, 200, { keys: this.#keys.map(({ jwk }) => jwk) });
    const [, user] = /^\/v1\/users\/(\w+)$/.exec(pathname) ?? [];
    if (user) return json(response, 200, { object: 'user', id: user, first_name: 'Ada', last_name: 'Lovelace', email_addresses: [] });
    json(response, 404, error('resource_not_found'));
  }
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const error = (code) => ({ errors: [{ code, message: code }] });
