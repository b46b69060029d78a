import { Phrases } from './phrases.tsx';

const STEPS = [
  {
    title: '4つの質問に答えて登録',
    text: 'お名前、メールアドレス、電話番号、稼働できる時期の4つです。受付番号と、ご連絡の期限がすぐに届きます。',
  },
  {
    title: '専任の担当者からご連絡',
    text: '24時間以内（土日祝日を除く）に、電話かメールでご連絡します。経験やご希望を、担当者が直接うかがいます。',
  },
  {
    title: '希望に合う案件をご紹介',
    text: 'うかがった内容をもとに、長く続く高単価の案件を担当者が探し、ご紹介します。',
  },
] as const;

/** What happens from registering on. */
export function Steps() {
  return (
    <section className="band" aria-labelledby="steps">
      <h2 id="steps">登録から案件のご紹介まで</h2>
      <ol className="steps">
        {STEPS.map(({ title, text }) => (
          <li key={title}>
            <h3>
              <Phrases text={title} />
            </h3>
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
