import { enableCompileCache } from 'node:module';
import path from 'node:path';

// Loaded before everything else by `npm start` and `npm run serve`: Node keeps what it made of each TypeScript file, so
// that neither the process nor its threads load the stripper of types again (decision 0027). JavaScript, because the
// stripper would be loaded for this file.

// Threads and child processes read the variable; a folder of somebody else's choice stands.
process.env.NODE_COMPILE_CACHE ??= path.resolve(import.meta.dirname, '../.next/cache/compiled');
enableCompileCache();
