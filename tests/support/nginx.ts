import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SHIPPED = path.resolve(import.meta.dirname, '../../docs/operating/nginx.conf');

export type Nginx = {
  url: string;
  /** The process that answers (Linux only). */
  workerPid(): number;
  stop(): Promise<void>;
};

/** Path of nginx, installed from the system's packages where this process may; undefined when there is none. */
export function findNginx(): string | undefined {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  const find = (): string | undefined =>
    places.map((place) => path.join(place, 'nginx')).find((candidate) => existsSync(candidate));
  if (find() === undefined) spawnSync('apt-get', ['install', '-y', '-qq', 'nginx'], { stdio: 'ignore' });
  return find();
}

/**
 * Starts one nginx worker in the foreground with `sites`, the inside of its `http` block; `folder` in it becomes a
 * temporary folder. @throws with nginx' own words when it does not start.
 */
export async function runNginx(port: number, sites: (folder: string) => string): Promise<Nginx> {
  const nginx = findNginx();
  if (nginx === undefined) throw new Error('nginxが見つかりません（例: apt-get install nginx）');
  const folder = mkdtempSync(path.join(tmpdir(), 'nginx-'));
  // Started by root, the worker is another user and must reach what lies in the folder.
  chmodSync(folder, 0o755);
  mkdirSync(path.join(folder, 'temp'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr warn;
events { worker_connections 1024; }
http {
  sendfile on; tcp_nopush on; access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/temp/${name};`).join(' ')}
  ${sites(folder)}
}
`,
  );
  const child = spawn(nginx, ['-c', file, '-p', folder, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk));
  const ended = once(child, 'exit');
  const url = `http://localhost:${port}`;
  while ((await fetch(url).catch(() => undefined)) === undefined) {
    const exited = await Promise.race([ended, new Promise<undefined>((wake) => setTimeout(wake, 20))]);
    if (exited) throw new Error(`nginx ended: ${said}`);
  }
  return {
    url,
    workerPid() {
      const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      return Number(children.split(' ')[0]);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGQUIT');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Change = [from: RegExp, to: string];

/**
 * Starts nginx with docs/operating/nginx.conf as an operator would put it in place, for the site or its replicas at
 * `sitePorts`: only ports, the cache folder and the certificate are changed, and for a negative control what `spoilt`
 * says. @throws when one of these does not stand there any more.
 */
export function runShippedNginx(
  port: number,
  sitePorts: readonly number[],
  spoilt: readonly Change[] = [],
): Promise<Nginx> {
  return runNginx(port, (folder) => {
    const changes: Change[] = [
      [/server 127\.0\.0\.1:3000([^;]*;)/, sitePorts.map((sitePort) => `server 127.0.0.1:${sitePort}$1`).join(' ')],
      [/\/var\/lib\/nginx\/pmo/, `${folder}/pages`],
      [/server \{\s+listen 80;[\s\S]*?\n\}\n/, ''],
      [/listen 443 ssl http2;\s+listen \[::\]:443 ssl http2;/, `listen ${port}; listen [::]:${port};`],
      [/(?:ssl_\w+\s+[^;]+;\s+)+/, ''],
      ...spoilt,
    ];
    return changes.reduce(
      (text, [from, to]) => {
        if (!from.test(text)) throw new Error(`docs/operating/nginx.conf has no ${from}`);
        return text.replace(from, to);
      },
      readFileSync(SHIPPED, 'utf8'),
    );
  });
}
