/** The two kinds of Clerk instance that the suite runs against, each with a server of its own. */
export const instances = [
  { name: 'development', port: 5021 },
  { name: 'production', port: 5031 },
] as const;

export const origin = (port: number) => `http://localhost:${port}`;
