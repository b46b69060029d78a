import { parseArgs } from 'node:util';
import { EnvError, readEnv } from '#lib/env.ts';
import { BYTE_ORDER_MARK, csvHeader, toCsv, toJson } from '#lib/leads/export.ts';
import { erasePerson, purgeExpired } from '#lib/leads/forget.ts';
import { everyLead, type LeadStore, openStore } from '#lib/leads/store.ts';
import { isStoreError } from '#lib/leads/store-error.ts';
import { backup } from './leads-backup.ts';
import { migrate } from './leads-migrate.ts';
import { describeCondition, describeLead, describeList } from './leads-text.ts';

// The agent team's records from the shell; works while the site runs. Leaves with 0, 1 (not found) or 2 (usage, or it
// could not run).

const USAGE = `使い方: npm run --silent leads コマンド
  list                            新しい順に表示します（件数は list -- --limit 100）
  show 受付番号                   1件をすべて表示します
  export -- --format json|csv     すべてを書き出します
  resend 受付番号                 担当者へのメールと、送れなかったメールをもう一度送ります
  release 受付番号                保留を解き、メールを送ります
  erase メールアドレス            この人の情報を消します
  purge                           保存期間を過ぎた人の情報を消します
  backup ファイル名               すべての登録を、動かしたまま1つのファイルに写します
  migrate                         SQLiteの登録をDATABASE_URLのPostgreSQLへ移します（何度でも実行できます）
受付番号の代わりにIDも使えます。`;

class UsageError extends Error {}

async function run(args: string[]): Promise<number> {
  const { positionals, values } = readArguments(args);
  const [command, subject, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`引数が多すぎます: ${rest.join(' ')}`);
  const needs = (name: string): string => {
    if (subject === undefined) throw new UsageError(`${name}を1つ指定してください`);
    return subject;
  };
  const env = readEnv();
  const { dataDir } = env;
  const store = openStore();
  try {
    switch (command) {
      case 'list':
        return await list(store, values.limit);
      case 'show':
        return await show(store, needs('受付番号'));
      case 'export':
        return await exportAll(store, values.format);
      case 'resend':
        return await resend(store, needs('受付番号'));
      case 'release':
        return await release(store, needs('受付番号'));
      case 'erase':
        return await erase({ store, dataDir }, needs('メールアドレス'));
      case 'purge':
        console.log(`${await purgeExpired({ store, dataDir })}件の登録から、個人の情報を消しました。`);
        return 0;
      case 'backup':
        return backup(env, needs('ファイル名'));
      case 'migrate':
        return await migrate(env);
      default:
        throw new UsageError(
          command === undefined ? 'コマンドを指定してください' : `コマンドではありません: ${command}`,
        );
    }
  } finally {
    await store.close();
  }
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { format: { type: 'string', default: 'json' }, limit: { type: 'string', default: '30' } },
    });
  } catch {
    throw new UsageError(`読めないオプションがあります: ${args.filter((arg) => arg.startsWith('-')).join(' ')}`);
  }
}

async function list(store: LeadStore, limitText: string): Promise<number> {
  const limit = Number(limitText);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError(`--limit は1以上の整数です: ${limitText}`);
  const { leads, next } = await store.list({ limit: Math.min(limit, 1000) });
  console.log(describeList(leads));
  if (next !== undefined) console.log(`（新しい${leads.length}件です。続きは --limit か export で表示できます）`);
  console.log(describeCondition(await store.condition(), new Date()));
  return 0;
}

async function show(store: LeadStore, idOrNumber: string): Promise<number> {
  const lead = await store.find(idOrNumber);
  if (lead === undefined) return missing(idOrNumber);
  console.log(describeLead(lead, await store.history(idOrNumber)));
  return 0;
}

async function exportAll(store: LeadStore, format: string): Promise<number> {
  switch (format) {
    case 'json': {
      let before = '[\n';
      for await (const lead of everyLead(store)) {
        await write(before + toJson(lead));
        before = ',\n';
      }
      await write(before === '[\n' ? '[]\n' : '\n]\n');
      return 0;
    }
    case 'csv':
      await write(BYTE_ORDER_MARK + csvHeader());
      for await (const lead of everyLead(store)) await write(toCsv(lead));
      return 0;
    default:
      throw new UsageError(`--format は json か csv です: ${format}`);
  }
}

/** Waits for a slow reader (`| less`), so that an export of any size needs little memory. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve();
    });
  });
}

async function resend(store: LeadStore, idOrNumber: string): Promise<number> {
  const result = await store.resend(idOrNumber);
  if (result.status === 'unknown') return missing(idOrNumber);
  console.log(`${result.mails}通を送信待ちにしました。サイトが動いていれば、すぐに送られます。`);
  return 0;
}

async function release(store: LeadStore, idOrNumber: string): Promise<number> {
  const result = await store.release(idOrNumber);
  switch (result.status) {
    case 'unknown':
      return missing(idOrNumber);
    case 'free':
      console.log('保留されていません。何も変えていません。');
      return 0;
    case 'released':
      console.log(`保留を解き、${result.mails}通を送信待ちにしました。`);
      return 0;
  }
}

async function erase(place: { store: LeadStore; dataDir: string }, email: string): Promise<number> {
  const result = await erasePerson(place, email);
  switch (result.status) {
    case 'unknown':
      return missing(email);
    case 'sending':
      console.error('この人へのメールを送信中のため、まだ消していません。しばらくしてから、もう一度実行してください。');
      return 2;
    case 'erased':
      console.log(`${result.leads}件の登録から、個人の情報を消しました（受付番号と日時だけが残ります）。`);
      return 0;
  }
}

function missing(subject: string): number {
  console.error(`見つかりません: ${subject}`);
  return 1;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no failure.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = 2;
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else if (error instanceof EnvError || isStoreError(error)) console.error(error.message);
  else throw error;
}
