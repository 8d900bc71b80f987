type Json = Record<string, any>;

/** The endpoints below `/_emulate` of one instance. */
export class Emulator {
  constructor(
    readonly url: string,
    readonly environment: Record<string, string> = {},
    private readonly id = '',
  ) {}

  async call(method: string, path: string, body?: Json | string): Promise<Json> {
    const content = typeof body === 'object' ? JSON.stringify(body) : body;
    const reply = await fetch(`${this.url}/_emulate${path}`, { method, body: content });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  async start(seed?: string) {
    const { id, environment } = await this.call('POST', '/instances', seed ? { seed } : {});
    return new Emulator(environment.CLERK_API_URL, environment, id);
  }
  /** Ends an instance that `start` of this one has started. */
  end = (instance: Emulator) => this.call('DELETE', `/instances/${instance.id}`);

  reset = () => this.call('POST', '/reset');
  settings = (changes: Json) => this.call('PATCH', '/settings', changes);
  advance = (duration: string) => this.call('POST', '/clock', { advance: duration });
  fault = (fault: Json) => this.call('POST', '/faults', fault);
  token = async (token: Json): Promise<string> => (await this.call('POST', '/tokens', token)).jwt;

  requests = async (query: Record<string, string>): Promise<Json[]> =>
    (await this.call('GET', `/requests?${new URLSearchParams(query)}`)).data;
  unknown = async (): Promise<Json[]> => (await this.call('GET', '/unknown')).data;

  /** The oldest message to `to` after the message `since`; waits for it. */
  async message(to: string, since?: string): Promise<Json> {
    const query = new URLSearchParams({ to, wait: '10', ...(since && { since }) });
    const { data } = await this.call('GET', `/messages?${query}`);
    if (!data.length) throw new Error(`no message to ${to}`);
    return data.at(-1);
  }

  /** Everything that was sent to webhooks, or is to be sent, as soon as nothing is to be sent now. */
  deliveries = async (type = '*'): Promise<Json[]> =>
    (await this.call('GET', `/deliveries?${new URLSearchParams({ type, wait: 'idle' })}`)).data;
}
