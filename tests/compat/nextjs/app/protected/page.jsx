import { auth, currentUser } from '@clerk/nextjs/server';

export default async function Protected() {
  await auth.protect();
  const user = await currentUser();
  return <p>{`Hello ${user.primaryEmailAddress.emailAddress}`}</p>;
}
