// Next.js would take the root of this repository for that of the app, since both have a lock file.
export default { turbopack: { root: import.meta.dirname } };
