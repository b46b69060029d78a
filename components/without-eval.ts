import { config } from 'zod';

// zod compiles its checks with `new Function` and tries that first: the form's content security policy forbids it, and the
// browser would report each page view. Imported before any schema, which asks when it is made.
config({ jitless: true });
