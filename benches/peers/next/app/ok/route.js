// Answered for each request, as by the other peers, not once by the build.
export const dynamic = 'force-dynamic';

export const GET = () => new Response('ok');
