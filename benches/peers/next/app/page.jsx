import { auth } from '@clerk/nextjs/server';
import Link from 'next/link';

export default async function Home() {
  const { userId, sessionId } = await auth();
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="site-header">
        <Link className="brand" href="/">
          Peer with Clerk
        </Link>
        <nav aria-label="Pages">
          <Link href="/" aria-current="page">
            Home
          </Link>
          <Link href="/plans">Plans</Link>
          <Link href="/profile">Profile</Link>
        </nav>
        <div className="account">
          {userId ? (
            <Link href="/profile" className="button">
              Account
            </Link>
          ) : (
            <>
              <Link href="/sign-in" className="button quiet">
                Sign in
              </Link>
              <Link href="/sign-up" className="button primary">
                Sign up
              </Link>
            </>
          )}
        </div>
      </header>
      <main id="main">
        <section className="hero">
          <p className="eyebrow">One page, several frameworks</p>
          <h1>{userId ? `Hello, ${userId}` : 'Signed out'}</h1>
          <p className="lead">
            The server that rendered this page already knew who was asking: it read the session token from a cookie, and
            verified its signature with Clerk&apos;s public key, without a request to Clerk.
          </p>
          <div className="actions">
            {userId ? (
              <>
                <Link href="/profile" className="button primary large">
                  Your profile
                </Link>
                <Link href="/plans" className="button large">
                  See the plans
                </Link>
              </>
            ) : (
              <>
                <Link href="/sign-up" className="button primary large">
                  Create an account
                </Link>
                <Link href="/sign-in" className="button large">
                  Sign in
                </Link>
              </>
            )}
          </div>
        </section>
        <section className="card session-card" aria-labelledby="session-card-title">
          <h2 id="session-card-title">Decided on the server</h2>
          <dl>
            <Fact name="User" value={userId} />
            <Fact name="Session" value={sessionId} />
          </dl>
        </section>
        <section className="features" aria-label="How it works">
          <Feature title="No flash, no guess">
            One layer handles cookies, handshakes and tokens before a page is rendered. What you see first is already
            correct.
          </Feature>
          <Feature title="The real components">
            Sign-in, sign-up, profile and pricing are Clerk&apos;s own JavaScript, mounted by the page and unmounted
            when you leave.
          </Feature>
          <Feature title="Works offline">
            Without keys, a local Clerk runs beside the app: sign up, check out and sign out with no Clerk account and
            no network.
          </Feature>
        </section>
      </main>
      <footer className="site-footer">
        <p>Rendered on the server for each request.</p>
      </footer>
    </>
  );
}

const Fact = ({ name, value }) => (
  <div className="fact">
    <dt>{name}</dt>
    <dd>{value ?? 'none'}</dd>
  </div>
);

const Feature = ({ title, children }) => (
  <article className="feature">
    <h2>{title}</h2>
    <p>{children}</p>
  </article>
);
