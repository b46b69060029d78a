import { errorPage } from '#lib/error-page.ts';
import { noteFormRead } from '#lib/request-context.ts';

// What the addresses have in common that take what comes after a registration; the registration itself is taken in front of
// Next (lib/leads/plain-post.ts). Whether a post comes from a page of this site was asked there too (lib/guard.ts).

const NO_STORE = { 'cache-control': 'no-store' };

/** Undefined for a body that is no form: cut off, malformed, of another type. */
export async function readForm(request: Request): Promise<FormData | undefined> {
  try {
    const form = await request.formData();
    noteFormRead();
    return form;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Sends a browser on to another page of this site. */
export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { ...NO_STORE, location } });
}

/** A page that says in Japanese why nothing was taken. */
export function refusal(status: 400): Response {
  return new Response(errorPage(status), {
    status,
    headers: { ...NO_STORE, 'content-type': 'text/html; charset=utf-8' },
  });
}
