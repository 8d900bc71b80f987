/**
 * The page of the apps whose framework has no components of Clerk's: a text of the server, and clerk-js with one of its components.
 * What is put into it needs no escaping: ids and verified addresses.
 */
export const page = ({ text = '', component = 'UserButton' }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>An app with Clerk</title>
    <link rel="icon" href="data:," />
    <script
      defer
      crossorigin="anonymous"
      data-clerk-publishable-key="${process.env.CLERK_PUBLISHABLE_KEY}"
      data-clerk-proxy-url="/__clerk"
      src="/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js"
    ></script>
    <script defer crossorigin="anonymous" src="/__clerk/npm/@clerk/ui@1/dist/ui.browser.js"></script>
    <script>
      addEventListener('load', async () => {
        await Clerk.load({
          ui: { ClerkUI: window.__internal_ClerkUICtor },
          signInUrl: '/sign-in',
          signUpUrl: '/sign-up',
        });
        const component = '${component}';
        if (component !== 'UserButton' || Clerk.user) Clerk['mount' + component](document.querySelector('#clerk'));
      });
    </script>
  </head>
  <body>
    <main>${text}</main>
    <div id="clerk"></div>
  </body>
</html>`;
