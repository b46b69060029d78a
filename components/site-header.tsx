import { registerHref, site } from '#lib/site.ts';

export function SiteHeader() {
  return (
    <header className="site-header">
      <a className="site-name" href="/">
        {site.name}
      </a>
      <nav className="site-nav" aria-label="サイト内">
        {site.navigation.map(({ href, label }) => (
          <a key={href} href={href}>
            {label}
          </a>
        ))}
        <a className="button button-quiet" href={registerHref('header')}>
          無料登録
        </a>
      </nav>
    </header>
  );
}
