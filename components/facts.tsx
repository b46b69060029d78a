import type { ReactNode } from 'react';
import { site } from '#lib/site.ts';

const { email, phone } = site.operator;

/** Facts, a name and what it is in each line. */
export function Facts({ children, kind }: { children: ReactNode; kind?: 'answers' }) {
  return <dl className={kind ? `facts facts-${kind}` : 'facts'}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How to reach the operator, as lines of `Facts`. */
export function ContactFacts() {
  return (
    <>
      <Fact name="電話">
        <a href={phone.href}>{phone.display}</a>（{phone.hours}）
      </Fact>
      <Fact name="メール">
        <a href={`mailto:${email}`}>{email}</a>
      </Fact>
    </>
  );
}
