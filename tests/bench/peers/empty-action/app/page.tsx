import { connection } from 'next/server';
import { register } from './actions';

export default async function Page() {
  await connection();
  return (
    <form action={register}>
      <input name="name" />
      <input name="email" />
      <input name="phone" />
      <input name="start" />
      <button type="submit">送信</button>
    </form>
  );
}
