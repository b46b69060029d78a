'use server';
import { redirect } from 'next/navigation';

export async function register(form: FormData): Promise<void> {
  redirect(form.get('name') ? '/thanks' : '/');
}
