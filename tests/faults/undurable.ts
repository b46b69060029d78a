import { DatabaseSync } from 'node:sqlite';

// Loaded by `node --import` before a site that is to forget: the negative control of power-cuts.ts. SQLite then leaves
// it to the kernel when a commit reaches the disk; nothing else changes, and the product has no such switch.

const { exec } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function execUndurably(sql: string): void {
  exec.call(this, sql.replace('synchronous = FULL', 'synchronous = OFF'));
};
