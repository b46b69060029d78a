import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chromium, type LaunchOptions } from 'playwright';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

/** Flags with which a test browser keeps to the pages it is given, also as root in a container. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/** Path of a Chromium that is there: `CHROMIUM_PATH`, Playwright's own, or one of the usual places. */
export function findChromium(): string | undefined {
  const candidates = [process.env.CHROMIUM_PATH, chromium.executablePath(), ...USUAL_PLACES];
  return candidates.find((candidate) => candidate !== undefined && candidate !== '' && isExecutable(candidate));
}

/**
 * Path of the Chromium that only draws pages, where it is installed beside the whole one, else of the whole one. It has
 * no pages of its own to run: tests take two thirds of the time, and nothing competes with what is measured. It knows
 * neither the memory for going back nor filling in a saved address.
 */
export function findHeadlessShell(): string | undefined {
  return !process.env.CHROMIUM_PATH && isExecutable(HEADLESS_SHELL) ? HEADLESS_SHELL : findChromium();
}

/** What Playwright starts the browser at `executablePath` with; its own where there is none. */
export function launchOptions(executablePath: string | undefined): LaunchOptions {
  return { ...(executablePath ? { executablePath } : {}), args: CHROMIUM_FLAGS };
}

/**
 * A whole Chromium, installed when there is none: by Playwright, else by apt where this process may.
 * @throws with one line that says what to install.
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found) return found;
  const attempts: [string, string[]][] = [
    [process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium']],
    ['apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-cjk', 'chromium-headless-shell']],
    ['sh', ['-c', 'apt-get update -qq; apt-get install -y -qq chromium fonts-noto-cjk chromium-headless-shell']],
    ['apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-cjk']],
  ];
  for (const [command, parameters] of attempts) {
    console.log(`Chromiumが見つからないため、次を実行します: ${command} ${parameters.join(' ')}`);
    spawnSync(command, parameters, { stdio: 'ignore', timeout: 300_000 });
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'Chromiumをインストールするか、CHROMIUM_PATHで場所を指定してください（例: apt-get install chromium chromium-headless-shell fonts-noto-cjk）',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
