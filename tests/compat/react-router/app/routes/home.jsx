import { getAuth } from '@clerk/react-router/server';

export async function loader(args) {
  const { userId } = await getAuth(args);
  return { userId };
}

export default function Home({ loaderData: { userId } }) {
  return <p>{userId ? `Signed in as ${userId}` : 'Signed out'}</p>;
}
