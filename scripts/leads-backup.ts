import path from 'node:path';
import type { Env } from '#lib/env.ts';
import { backUp } from '#lib/leads/sqlite/backup.ts';

/** `npm run leads backup FILE`: a copy of all leads, made while the site runs. @returns the exit code. */
export function backup({ dataDir, databaseUrl }: Pick<Env, 'dataDir' | 'databaseUrl'>, target: string): number {
  if (databaseUrl !== undefined) {
    console.error(
      'PostgreSQLの登録は、次のコマンドで控えを取れます: pg_dump --format=custom --file=控えのファイル "$DATABASE_URL"',
    );
    return 2;
  }
  const file = path.join(dataDir, 'leads.sqlite');
  const kept = path.resolve(target);
  const result = backUp(file, kept);
  switch (result.status) {
    case 'kept':
      console.log(`${result.leads}件の登録を写しました: ${kept}`);
      return 0;
    case 'nothing':
      console.error(`登録がまだありません: ${file}`);
      return 1;
    case 'exists':
      console.error(`すでにファイルがあるため、何も書いていません: ${kept}`);
      return 2;
    case 'damaged':
      console.error(`データベースが壊れているため、控えを取れません: ${file}`);
      return 2;
  }
}
