import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { articleJsonSchema, referencePage } from '#lib/articles/reference.ts';

// npm run content:reference: writes the list of keys and components and the JSON Schema of the front matter anew.

const FOLDER = path.resolve(import.meta.dirname, '../docs/writing');

for (const [name, text] of [
  ['article.schema.json', articleJsonSchema()],
  ['reference.md', referencePage()],
] as const) {
  writeFileSync(path.join(FOLDER, name), text);
  console.log(path.join('docs/writing', name));
}
