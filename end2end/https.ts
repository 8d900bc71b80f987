import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A reverse proxy with TLS, with a certificate that no browser trusts. `target` is the origin that it forwards to. */
export type HttpsProxy = { origin: string; target: string; stop: () => void };

export async function startHttpsProxy(): Promise<HttpsProxy> {
  const directory = await mkdtemp(join(tmpdir(), 'https-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(directory, name));
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost'];
  execFileSync('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': incoming.socket.remoteAddress };
    const sent = request(new URL(incoming.url ?? '/', proxy.target), { method: incoming.method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  });
  await rm(directory, { recursive: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  const proxy: HttpsProxy = { origin: `https://localhost:${(server.address() as AddressInfo).port}`, target: '', stop };
  return proxy;
}
