import { index, route } from '@react-router/dev/routes';

export default [
  index('routes/home.jsx'),
  route('protected', 'routes/protected.jsx'),
  route('sign-in/*', 'routes/sign-in.jsx'),
  route('sign-up/*', 'routes/sign-up.jsx'),
];
