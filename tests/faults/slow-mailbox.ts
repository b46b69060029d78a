import type { PathLike } from 'node:fs';
import fs from 'node:fs/promises';

// Loaded by `node --import` before a site that keeps its mails as files and is to be killed: a mail takes 60 ms to
// write, half before and half after, so that a kill finds some half written. By itself that moment is too short to hit.

const { writeFile, appendFile } = fs;

fs.writeFile = async function writeInTwo(file, content, options) {
  if (!Buffer.isBuffer(content)) return writeFile(file, content, options);
  await writeFile(file, content.subarray(0, content.length / 2), options);
  await new Promise((wake) => setTimeout(wake, 60));
  await appendFile(file as PathLike, content.subarray(content.length / 2), { flush: true });
};
