import type { BrowserContext, Cookie, Response } from '@playwright/test';

/** Secret keys, signing secrets of webhooks, and JWTs, which the tokens of sessions, clients, handshakes and tickets are. */
const SECRETS = /\b(?:sk_(?:test|live)_\w{8,}|whsec_[\w+/=]{8,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})/g;

/** Cookies whose values let whoever knows them act as the user. Other cookies have values that are no secret. */
const SECRET_COOKIE = /^(?:__Host-)?(?:__session|__client(?!_uat)|__refresh|__clerk_db_jwt|__clerk_handshake|app_session)/;

/** Looks for secrets where none may be: in the log, in documents and in WebAssembly. */
export class Leaks {
  private readonly texts = new Map<string, string>();

  /** `secrets` are those of the server; those of browsers are added by `remember`. */
  constructor(private readonly secrets = new Set<string>()) {}

  remember(cookies: Pick<Cookie, 'name' | 'value'>[]) {
    for (const { name, value } of cookies) {
      if (SECRET_COOKIE.test(name) && value.length >= 16) this.secrets.add(decodeURIComponent(value)).add(value);
    }
  }

  /** Checks a text once all secrets are known. */
  add(where: string, text: string) {
    this.texts.set(where, (this.texts.get(where) ?? '') + text);
  }

  /** Collects the documents that the app serves to a browser, and the cookies that it has meanwhile. */
  watch(context: BrowserContext, isApp: (url: URL) => boolean) {
    const pending: Promise<void>[] = [];
    const read = async (response: Response) => {
      // The body of a redirect, or of a page that has been left already, cannot be read.
      const body = await response.text().catch(() => '');
      this.add(response.url().replace(/\?.*/, ''), body);
      this.remember(await context.cookies().catch(() => []));
    };
    context.on('response', (response) => {
      if (response.request().resourceType() === 'document' && isApp(new URL(response.url()))) pending.push(read(response));
    });
    /** Waits until everything has been read. */
    return async () => {
      await Promise.all(pending);
      this.remember(await context.cookies());
    };
  }

  /** Everything that was found, without the secrets themselves, which would stand in the report. */
  found() {
    return [...this.texts].flatMap(([where, text]) => {
      const known = [...this.secrets].filter((secret) => text.includes(secret));
      return [...known, ...(text.match(SECRETS) ?? [])].map((secret) => `${where} contains ${secret.slice(0, 12)}…`);
    });
  }

  get places() {
    return [...this.texts.keys()];
  }
}
