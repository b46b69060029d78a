type Json = string | number | boolean | undefined | readonly Json[] | { [key: string]: Json };

/** Structured data of schema.org in the page. `<` is escaped, so that no text can end the script element. */
export function JsonLd({ data }: { data: { '@type': string; [key: string]: Json } }) {
  const json = JSON.stringify({ '@context': 'https://schema.org', ...data }).replaceAll('<', '\\u003c');
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the only way to write data into a script; escaped above.
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json }} />;
}
