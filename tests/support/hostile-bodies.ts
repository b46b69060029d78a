import type { Dice } from '../faults/dice.ts';
import type { ReadForm } from './form-post.ts';

// Bodies that no form sends. Each lacks a valid telephone number and a start, so that none of them may become a lead,
// whatever a mutation makes of the rest.

export type HostileBody = { headers: string[]; body: Buffer };

const ANSWERS: readonly [string, string][] = [
  ['submission_id', 'hostile-request-0123456789'],
  ['name', '山田 太郎'],
  ['email', 'yamada@example.jp'],
  ['phone', '03'],
];

const PART_HEADERS = [
  'Content-Disposition: form-data; name="name"; filename="a.txt"',
  'Content-Disposition: form-data; name="name"; filename*=UTF-8\'\'%ff',
  'Content-Disposition: form-data; name="__proto__"',
  'Content-Disposition: form-data; name="a[b][c]"',
  'Content-Disposition: form-data',
  'Content-Disposition: attachment; name=name',
  'Content-Type: multipart/mixed; boundary=inner',
  'Content-Transfer-Encoding: base64',
  'content-disposition',
  ': x',
  'X: \u0000',
] as const;

/** The form as multipart, mutated; sometimes nested, endless, without boundary, or not multipart at all. */
export function hostileForm(dice: Dice, form: ReadForm): HostileBody {
  if (dice.chance(0.15)) return urlencoded(dice);
  const boundary = `----${dice.between(1, 1e9)}`;
  const fields = [...(dice.chance(0.5) ? form.hidden.filter(([name]) => name.startsWith('$')) : []), ...ANSWERS];
  const parts = fields.map(([name, value]) => part(boundary, `Content-Disposition: form-data; name="${name}"`, value));
  for (let extra = dice.between(0, 3); extra > 0; extra--) {
    const at = dice.between(0, parts.length);
    parts.splice(
      at,
      0,
      part(boundary, dice.pick(PART_HEADERS), dice.chance(0.2) ? nested(boundary) : 'x'.repeat(dice.between(0, 300))),
    );
  }
  if (dice.chance(0.03))
    for (let count = 0; count < 700; count++)
      parts.push(part(boundary, `Content-Disposition: form-data; name="f${count}"`, ''));
  const whole = Buffer.from(`${parts.join('')}--${boundary}--\r\n`);
  const type = dice.pick([
    `multipart/form-data; boundary=${boundary}`,
    `multipart/form-data; boundary="${boundary}"`,
    `multipart/form-data; boundary=${boundary}; charset=utf-16`,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/mixed; boundary=x',
    `text/plain; boundary=${boundary}`,
  ]);
  const kept = dice.chance(0.6) ? `multipart/form-data; boundary=${boundary}` : type;
  return { headers: [`content-type: ${kept}`], body: mutate(dice, whole) };
}

function part(boundary: string, header: string, value: string): string {
  return `--${boundary}\r\n${header}\r\n\r\n${value}\r\n`;
}

function nested(outer: string): string {
  return `--inner\r\nContent-Disposition: form-data; name="phone"\r\n\r\n--${outer}x\r\n--inner--`;
}

function urlencoded(dice: Dice): HostileBody {
  const pair = () =>
    dice.pick([
      'name=%ff',
      'email=a%40b.jp',
      'phone=03',
      'start=%00',
      '=',
      '&',
      '%',
      '__proto__=1',
      '$ACTION_ID_x=',
      'a[]=1',
      'name=山',
    ]);
  const body = Array.from({ length: dice.chance(0.05) ? 5000 : dice.between(0, 30) }, pair).join('&');
  return { headers: ['content-type: application/x-www-form-urlencoded'], body: mutate(dice, Buffer.from(body)) };
}

/** What the script sends, with references of React's own format to things that are not there or should not be. */
export function hostileAction(dice: Dice, form: ReadForm): HostileBody {
  const own = form.hidden.map(([, value]) => /"id":"([0-9a-f]{20,})"/.exec(value)?.[1]).find(Boolean) ?? 'none';
  const guessed = Array.from({ length: 42 }, () => dice.between(0, 15).toString(16)).join('');
  const id = dice.chance(0.6)
    ? own
    : dice.pick([guessed, '__proto__', '../../etc', 'x', own.slice(1), own.toUpperCase(), `${own}0`, 'a'.repeat(4000)]);
  const action = `next-action: ${id}`;
  if (dice.chance(0.4)) {
    const text = dice.chance(0.5) ? reply(dice) : mutate(dice, Buffer.from('["$undefined","$K1"]')).toString('latin1');
    return { headers: [action, 'content-type: text/plain;charset=UTF-8'], body: Buffer.from(text) };
  }
  const boundary = `----a${dice.between(1, 1e9)}`;
  const fields: [string, string][] = [
    ...ANSWERS.map(([name, value]): [string, string] => [`1_${name}`, value]),
    ['0', dice.chance(0.5) ? '["$undefined","$K1"]' : reply(dice)],
  ];
  for (let extra = dice.between(0, 3); extra > 0; extra--) fields.push([String(dice.between(0, 6)), reply(dice)]);
  if (dice.chance(0.3)) fields.reverse();
  const parts = fields.map(([name, value]) => part(boundary, `Content-Disposition: form-data; name="${name}"`, value));
  const whole = Buffer.from(`${parts.join('')}--${boundary}--\r\n`);
  const type = dice.chance(0.9) ? 'multipart/form-data' : 'Multipart/Form-Data';
  return {
    headers: [action, `content-type: ${type}; boundary=${boundary}`],
    body: dice.chance(0.5) ? whole : mutate(dice, whole),
  };
}

const VALUES = [
  '"$undefined"',
  '"$K1"',
  '"$F1"',
  '"$@1"',
  '"$1"',
  '"$1:__proto__:constructor"',
  '"$1:constructor:constructor"',
  '"$W1"',
  '"$Q1"',
  '"$i1"',
  '"$B1"',
  '"$R0"',
  '"$T"',
  '"$n9"',
  '"$D2026"',
  '"$Y"',
  '"$L1"',
  '"$Sx"',
  '"$x1"',
  '"$r1"',
  '"$Z"',
  '"$h1"',
  '{"then":"$1:then"}',
  '{"then":"$1:__proto__:then","status":"resolved_model","reason":-1,"value":"{}","_response":{"_prefix":"x","_formData":{"get":"$1:constructor:constructor"}}}',
  '{"__proto__":{"x":1}}',
  '{"id":"x","bound":"$@1"}',
  'null',
  '[]',
  '1e999',
  '"\\ud800"',
  '{"a":',
  '',
] as const;

function reply(dice: Dice): string {
  const value = dice.pick(VALUES);
  const other = dice.pick(VALUES);
  return dice.pick([
    value,
    `[${value}]`,
    `["$undefined",${value}]`,
    `[${value},${other}]`,
    `{"a":${value}}`,
    '['.repeat(dice.between(1, 3000)),
    `["$undefined",{"get":${value},"getAll":${other}}]`,
  ]);
}

/** The marks by which a form without script names its action, twisted. */
export function hostileMarks(dice: Dice, form: ReadForm): HostileBody {
  const boundary = `----m${dice.between(1, 1e9)}`;
  const own = form.hidden.filter(([name]) => name.startsWith('$ACTION'));
  const marks: [string, string][] = own.map(([name, value]) => [
    dice.chance(0.2) ? dice.pick(['$ACTION_REF_2', '$ACTION_ID_x', '$ACTION_1:2', '$ACTION_KEY']) : name,
    dice.chance(0.4) ? reply(dice) : value,
  ]);
  if (dice.chance(0.5))
    marks.push([
      dice.pick(['$ACTION_ID_00aabb', '$ACTION_REF_', '$ACTION_REF___proto__', '$ACTION_9:0', '$ACTION_']),
      reply(dice),
    ]);
  const parts = [...marks, ...ANSWERS].map(([name, value]) =>
    part(boundary, `Content-Disposition: form-data; name="${name}"`, value),
  );
  return {
    headers: [`content-type: multipart/form-data; boundary=${boundary}`],
    body: Buffer.from(`${parts.join('')}--${boundary}--\r\n`),
  };
}

/** The same bytes with a few of them changed, doubled, cut or moved; left alone now and then. */
export function mutate(dice: Dice, original: Buffer): Buffer {
  let bytes = Buffer.from(original);
  for (let times = dice.between(0, 4); times > 0 && bytes.length > 1; times--) {
    const at = dice.between(0, bytes.length - 1);
    const length = dice.between(1, Math.min(40, bytes.length - at));
    const piece = bytes.subarray(at, at + length);
    const rest = bytes.subarray(at + length);
    const before = bytes.subarray(0, at);
    const crlf = Buffer.from(dice.pick(['\r\n', '\n', '\r', '\0', '--', '"', ';', '\r\n\r\n']));
    switch (dice.between(0, 5)) {
      case 0:
        bytes = Buffer.concat([before, Buffer.from(piece.map((byte) => byte ^ (1 << dice.between(0, 7)))), rest]);
        break;
      case 1:
        bytes = Buffer.concat([before, rest]);
        break;
      case 2:
        bytes = Buffer.concat([before, piece, piece, rest]);
        break;
      case 3:
        bytes = Buffer.concat([before, crlf, rest]);
        break;
      case 4:
        bytes = Buffer.from(before);
        break;
      default:
        bytes = Buffer.concat([rest, piece, before]);
    }
  }
  return bytes;
}
