import type { Fault } from '#lib/articles/schema.ts';
import './desk-faults.css';

/** A fault, and the line of the file where it stands; undefined where the file is not text. */
export type SeenFault = Fault & { text: string | undefined };
type Props = { faults: readonly SeenFault[]; isOlder: boolean; state: string };
type Warnings = { warnings: readonly SeenFault[]; language: 'read' | 'reading' | 'unread' };

/** What is to be mended in an article's file, each with its place and the line there; says so where there is nothing. */
export function DeskFaults({ faults, isOlder, state }: Props) {
  return (
    <section className={faults.length > 0 ? 'desk-faults' : 'desk-faults desk-faultless'}>
      <h2>{faults.length > 0 ? `直すところ（${faults.length}件）` : '直すところはありません'}</h2>
      {isOlder && (
        <p>
          直して保存するまで、下には直前の正しい内容が出ます。
          {state === 'public' && '読者にも、直前の内容が見えています。'}
        </p>
      )}
      <Places faults={faults} />
    </section>
  );
}

/** What an editor should look at. Says that there is nothing only once the language of the saved text was read. */
export function DeskWarnings({ warnings, language }: Warnings) {
  const isReading = language === 'reading';
  if (warnings.length === 0 && language === 'unread') return null;
  return (
    <section className={warnings.length > 0 ? 'desk-faults desk-warnings' : 'desk-faults desk-faultless'}>
      {warnings.length > 0 ? (
        <>
          <h2>{`警告（${warnings.length}件）`}</h2>
          <p>直さなくても公開できます。{isReading && '保存した文章を読み直しています…'}</p>
        </>
      ) : (
        <h2>{isReading ? '文章の書き方を調べています…' : '警告はありません'}</h2>
      )}
      <Places faults={warnings} />
    </section>
  );
}

function Places({ faults }: { faults: readonly SeenFault[] }) {
  if (faults.length === 0) return null;
  return (
    <ol>
      {faults.map((fault) => (
        <li key={`${fault.line}:${fault.column}:${fault.message}`}>
          <p>{fault.message}</p>
          <p className="desk-place">
            {fault.path}:{fault.line}:{fault.column}
          </p>
          <SourceLine {...fault} />
        </li>
      ))}
    </ol>
  );
}

/** So much of a long line is shown on either side of the fault. */
const AROUND = 60;

/** The line with the fault, from which the sign at its column stands out. */
function SourceLine({ text, line, column }: SeenFault) {
  if (text === undefined) return null;
  const at = column - 1;
  const from = Math.max(0, at - AROUND);
  const [sign = ''] = text.slice(at);
  const after = text.slice(at + sign.length, at + AROUND);
  return (
    <pre className="desk-source">
      <span>{line}</span>
      <code>
        {from > 0 && '…'}
        {text.slice(from, at)}
        <mark>{sign || ' '}</mark>
        {after}
        {text.length > at + AROUND && '…'}
      </code>
    </pre>
  );
}
