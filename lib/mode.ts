import '#server-only';

// React and Next choose their development or production build by NODE_ENV while they are imported, so this must be
// the first import of an entry point. Whoever sets NODE_ENV outside keeps it.
const mode = process.argv.includes('--dev') ? 'development' : 'production';
Object.assign(process.env, { NODE_ENV: process.env.NODE_ENV ?? mode, NEXT_TELEMETRY_DISABLED: '1' });
