import path from 'node:path';
import { type Env, EnvError } from '#lib/env.ts';
import { moveToPostgres } from '#lib/leads/postgres/move.ts';

/** `npm run leads migrate`: moves the leads of `DATA_DIR` to `DATABASE_URL`. @returns the exit code. */
export async function migrate({ dataDir, databaseUrl }: Pick<Env, 'dataDir' | 'databaseUrl'>): Promise<number> {
  if (databaseUrl === undefined) {
    throw new EnvError(
      '環境変数 DATABASE_URL: 移す先が必要です（例: DATABASE_URL=postgres://user:pass@db.example.jp:5432/leads）',
    );
  }
  const file = path.join(dataDir, 'leads.sqlite');
  const result = await moveToPostgres({ file, url: databaseUrl });
  switch (result.status) {
    case 'nothing':
      console.error(`移す登録がありません: ${file}`);
      return 1;
    case 'in-use':
      console.error(`ほかのプロセスが使っています: ${file}\nサイトを止めてから、もう一度実行してください。`);
      return 2;
    case 'different':
      console.error(`移した内容が元と一致しません（受付番号 ${result.number}）。何も変えていません。`);
      return 2;
    case 'moved':
      console.log(
        [
          `元の登録: ${result.leads}件`,
          `今回移した登録: ${result.moved}件（メール${result.mails}通）`,
          `すでにPostgreSQLにあった登録: ${result.leads - result.moved}件`,
          '照合: 移した登録は、訂正前の答えもメールの状態も元と同じです。',
          'これからはDATABASE_URLを設定してサイトを起動してください。',
          `元のファイルには個人情報が残っています。確認できたら消してください: ${file}`,
        ].join('\n'),
      );
      return 0;
  }
}
