export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  modules: ['@clerk/nuxt'],
  clerk: { signInUrl: '/sign-in', signUpUrl: '/sign-up' },
});
