import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** Why disks cannot be made here, in one line; undefined where they can. */
export function whyNoDisks(): string | undefined {
  if (process.platform !== 'linux') return '仮のディスクはLinuxでだけ作れます';
  if (userInfo().uid !== 0) return '仮のディスクを作るには、rootで実行してください';
  try {
    withDisk(8, () => undefined);
    return undefined;
  } catch (error) {
    return `仮のディスクを作れません（例: apt-get install e2fsprogs）: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  }
}

/** A file system of its own in a file: what a machine finds after the power was cut is a copy of that file. */
export type Disk = {
  /** Where it is mounted. */
  folder: string;
  device: string;
  /** Shows `look` the file system as it would be found if the power went now: what was not synced is not there. */
  afterPowerCut<T>(look: (folder: string) => T | Promise<T>): Promise<T>;
  /** What `mount -o remount,…` does. */
  remount(...options: string[]): void;
  /** What an administrator does with a file system that refuses writes: takes it away, checks it, mounts it again. */
  repair(): void;
  remove(): void;
};

const run = (command: string, ...parameters: string[]): string =>
  execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** Makes an ext4 of `megabytes` on a loop device. */
export function makeDisk(megabytes: number): Disk {
  const home = mkdtempSync(path.join(tmpdir(), 'disk-'));
  const image = path.join(home, 'image');
  const folder = path.join(home, 'mounted');
  mkdirSync(folder);
  run('truncate', '-s', `${megabytes}M`, image);
  run('mkfs.ext4', '-q', '-F', '-i', '4096', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image);
  run('mount', '-o', 'loop,errors=remount-ro', image, folder);
  // A test that fails half-way leaves no loop device behind.
  const takeAway = () => {
    run('umount', '--lazy', folder);
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', takeAway);
  const device = run('findmnt', '-n', '-o', 'SOURCE', folder);
  let copies = 0;
  return {
    folder,
    device,
    async afterPowerCut(look) {
      copies += 1;
      const copy = path.join(home, `copy-${copies}`);
      const found = `${copy}-mounted`;
      run('cp', '--sparse=always', image, copy);
      mkdirSync(found);
      run('mount', '-o', 'loop', copy, found);
      try {
        return await look(found);
      } finally {
        run('umount', found);
        rmSync(copy);
      }
    },
    remount: (...options) => void run('mount', '-o', ['remount', ...options].join(','), folder),
    repair() {
      run('umount', '--lazy', folder);
      run('sh', '-c', `e2fsck -fy ${image} >/dev/null || test $? -le 2`);
      run('mount', '-o', 'loop,errors=remount-ro', image, folder);
    },
    remove() {
      process.off('exit', takeAway);
      takeAway();
    },
  };
}

function withDisk(megabytes: number, work: (disk: Disk) => void): void {
  const disk = makeDisk(megabytes);
  try {
    work(disk);
  } finally {
    disk.remove();
  }
}
