import { auth } from '@clerk/nextjs/server';

export async function GET() {
  const { userId, sessionId } = await auth();
  return userId ? Response.json({ userId, sessionId }) : Response.json({ error: 'signed out' }, { status: 401 });
}
