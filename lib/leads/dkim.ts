import '#server-only';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import fs from 'node:fs';
import { type Dkim, EnvError } from '#lib/env.ts';

/** Below it receivers must not accept a signature (RFC 8301, 3.2). */
const FEWEST_BITS = 1024;

/**
 * What nodemailer signs with. The key is tried here, at the start: a key that cannot sign would make nodemailer send
 * the mail unsigned and say nothing.
 * @throws {EnvError} when the file cannot be read or holds no private RSA key of enough bits.
 */
export function readSigningKey({ domain, selector, keyFile }: Dkim) {
  const key = readKey(keyFile);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  // nodemailer 10.6 signs by rsa-sha256 only.
  if (key.asymmetricKeyType !== 'rsa') throw wrong(keyFile, `RSAの秘密鍵が必要です（いまは${key.asymmetricKeyType}）`);
  if (bits < FEWEST_BITS) throw wrong(keyFile, `${FEWEST_BITS}ビット以上の鍵が必要です（いまは${bits}ビット）`);
  return {
    domainName: domain,
    keySelector: selector,
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function readKey(keyFile: string): KeyObject {
  let pem: string;
  try {
    pem = fs.readFileSync(keyFile, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    throw wrong(keyFile, `鍵のファイルを読めません（${code}）`);
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw wrong(keyFile, 'PEM形式の、暗号化していない秘密鍵ではありません');
  }
}

/** Names the file, never what it holds. */
function wrong(keyFile: string, reason: string): EnvError {
  return new EnvError(
    `環境変数 DKIM_KEY_FILE: ${reason}: ${keyFile}（例: openssl genrsa -out /etc/site/dkim.pem 2048 で作り、DKIM_KEY_FILE=/etc/site/dkim.pem）`,
  );
}
