import '#server-only';
import { parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/max';
import { ANSWER_MESSAGES, dialled } from './schema.ts';

// On the server only: the full number tables are 145 KB, and the small ones accept a number that is one digit short.

/** Japan's own rule for a number dialled inside the country; covers ranges newer than the library's tables. */
const MOBILE_OR_IP = /^0[25-9]0/;
const FREE_DIAL_LONG = /^0800/;
const AREA = /^0[1-9]/;

export type PhoneReading = { status: 'dialable'; e164: string } | { status: 'fault'; message: string };

/**
 * What a visitor typed (already accepted by `answersSchema`) as an E.164 number; without `+` it is Japanese. A wrong
 * length is a fault with the words of the form. A right length in a range that the tables do not know yet passes: a new
 * range must not cost a lead.
 */
export function readPhone(typed: string): PhoneReading {
  const number = dialled(typed);
  const parsed = parsePhoneNumberFromString(number, 'JP');
  if (parsed?.isValid()) return { status: 'dialable', e164: parsed.number };
  if (number.startsWith('+') && !number.startsWith('+81')) return readForeign(number);
  const domestic = number.replace(/^\+810?/, '0');
  if (!AREA.test(domestic)) return { status: 'fault', message: ANSWER_MESSAGES.phoneForm };
  const length = MOBILE_OR_IP.test(domestic) || FREE_DIAL_LONG.test(domestic) ? 11 : 10;
  if (domestic.length < length) return { status: 'fault', message: ANSWER_MESSAGES.phoneShort };
  if (domestic.length > length) return { status: 'fault', message: ANSWER_MESSAGES.phoneLong };
  return { status: 'dialable', e164: `+81${domestic.slice(1)}` };
}

function readForeign(number: string): PhoneReading {
  switch (validatePhoneNumberLength(number)) {
    case undefined:
      return { status: 'dialable', e164: number };
    case 'TOO_SHORT':
      return { status: 'fault', message: ANSWER_MESSAGES.phoneShort };
    case 'TOO_LONG':
      return { status: 'fault', message: ANSWER_MESSAGES.phoneLong };
    default:
      return { status: 'fault', message: ANSWER_MESSAGES.phoneForm };
  }
}
