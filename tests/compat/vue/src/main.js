import { clerkPlugin, SignIn, SignUp } from '@clerk/vue';
import { createApp, h } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import App from './App.vue';
import Home from './Home.vue';
import Protected from './Protected.vue';

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: Home },
    { path: '/protected', component: Protected },
    { path: '/sign-in/:step(.*)*', component: () => h(SignIn, { path: '/sign-in' }) },
    { path: '/sign-up/:step(.*)*', component: () => h(SignUp, { path: '/sign-up' }) },
  ],
});

createApp(App)
  .use(router)
  .use(clerkPlugin, {
    publishableKey: import.meta.env.VITE_CLERK_PUBLISHABLE_KEY,
    proxyUrl: import.meta.env.VITE_CLERK_PROXY_URL,
    signInUrl: '/sign-in',
    signUpUrl: '/sign-up',
    routerPush: (to) => router.push(to),
    routerReplace: (to) => router.replace(to),
  })
  .mount('#app');
