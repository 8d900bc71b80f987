/** The page of the peers that have no templates of their own. An id from a verified token needs no escaping. */
export const page = ({ userId, sessionId }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Home · Peer with Clerk</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    <a class="skip-link" href="#main">Skip to the content</a>
    <header class="site-header">
      <a class="brand" href="/">Peer with Clerk</a>
      <nav aria-label="Pages">
        <a href="/" aria-current="page">Home</a>
        <a href="/plans">Plans</a>
        <a href="/profile">Profile</a>
      </nav>
      <div class="account">
        ${
          userId
            ? '<a href="/profile" class="button">Account</a>'
            : `<a href="/sign-in" class="button quiet">Sign in</a>
        <a href="/sign-up" class="button primary">Sign up</a>`
        }
      </div>
    </header>
    <main id="main">
      <section class="hero">
        <p class="eyebrow">One page, several frameworks</p>
        <h1>${userId ? `Hello, ${userId}` : 'Signed out'}</h1>
        <p class="lead">
          The server that rendered this page already knew who was asking: it read the session token from a cookie, and
          verified its signature with Clerk's public key, without a request to Clerk.
        </p>
        <div class="actions">
          ${
            userId
              ? `<a href="/profile" class="button primary large">Your profile</a>
          <a href="/plans" class="button large">See the plans</a>`
              : `<a href="/sign-up" class="button primary large">Create an account</a>
          <a href="/sign-in" class="button large">Sign in</a>`
          }
        </div>
      </section>
      <section class="card session-card" aria-labelledby="session-card-title">
        <h2 id="session-card-title">Decided on the server</h2>
        <dl>
          <div class="fact"><dt>User</dt><dd>${userId ?? 'none'}</dd></div>
          <div class="fact"><dt>Session</dt><dd>${sessionId ?? 'none'}</dd></div>
        </dl>
      </section>
      <section class="features" aria-label="How it works">
        <article class="feature">
          <h2>No flash, no guess</h2>
          <p>
            One layer handles cookies, handshakes and tokens before a page is rendered. What you see first is already
            correct.
          </p>
        </article>
        <article class="feature">
          <h2>The real components</h2>
          <p>
            Sign-in, sign-up, profile and pricing are Clerk's own JavaScript, mounted by the page and unmounted when you
            leave.
          </p>
        </article>
        <article class="feature">
          <h2>Works offline</h2>
          <p>
            Without keys, a local Clerk runs beside the app: sign up, check out and sign out with no Clerk account and
            no network.
          </p>
        </article>
      </section>
    </main>
    <footer class="site-footer">
      <p>Rendered on the server for each request.</p>
    </footer>
  </body>
</html>
`;
