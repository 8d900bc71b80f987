export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  modules: ['@clerk/nuxt'],
  clerk: { proxyUrl: '/__clerk', signInUrl: '/sign-in', signUpUrl: '/sign-up' },
  // Only for `nuxt dev`: it answers before Clerk's middleware sees the request.
  nitro: { devProxy: { '/__clerk': `${process.env.CLERK_API_URL}/__clerk` } },
});
