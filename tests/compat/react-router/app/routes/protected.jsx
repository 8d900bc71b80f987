import { clerkClient, getAuth } from '@clerk/react-router/server';
import { redirect } from 'react-router';

export async function loader(args) {
  const { userId } = await getAuth(args);
  if (!userId) return redirect(`/sign-in?redirect_url=${encodeURIComponent(args.request.url)}`);
  const user = await clerkClient(args).users.getUser(userId);
  return { email: user.primaryEmailAddress.emailAddress };
}

export default function Protected({ loaderData: { email } }) {
  return <p>{`Hello ${email}`}</p>;
}
