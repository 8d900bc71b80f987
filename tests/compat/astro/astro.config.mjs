import node from '@astrojs/node';
import clerk from '@clerk/astro';
import { defineConfig } from 'astro/config';

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  integrations: [clerk({ proxyUrl: '/__clerk', signInUrl: '/sign-in', signUpUrl: '/sign-up' })],
  vite: { server: { proxy: { '/__clerk': process.env.CLERK_API_URL } } },
});
