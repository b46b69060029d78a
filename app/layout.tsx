import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { SiteFooter } from '#components/site-footer.tsx';
import { SiteHeader } from '#components/site-header.tsx';
import { readClaim, summarize } from '#lib/claim.ts';
import { readEnv } from '#lib/env.ts';
import { site } from '#lib/site.ts';
import './globals.css';

// Nothing is rendered by the build: content changes while the site runs, and a build costs the same for 10 articles
// as for 10,000.
export const dynamic = 'force-dynamic';

export function generateMetadata(): Metadata {
  return {
    metadataBase: new URL(readEnv().siteUrl),
    title: { default: site.name, template: `%s｜${site.name}` },
    icons: '/icon.svg',
    formatDetection: { telephone: false, address: false, email: false },
  };
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#131514' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="ja">
      <body>
        <a className="skip-link" href="#main">
          本文へ進む
        </a>
        <SiteHeader />
        <main id="main">{children}</main>
        <SiteFooter claim={summarize(readClaim())} />
      </body>
    </html>
  );
}
