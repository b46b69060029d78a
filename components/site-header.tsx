import { registerHref, site } from '#lib/site.ts';

export function SiteHeader() {
  return (
    <header className="site-header">
      <a className="site-name" href="/">
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
          <path d="M0 2h12v4H0zM4 8h12v4H4zM10 14h10v4H10z" />
        </svg>
        {site.name}
      </a>
      <nav className="site-nav" aria-label="サイト内">
        {site.navigation.map(({ href, label }) => (
          <a key={href} href={href}>
            {label}
          </a>
        ))}
        {site.guides.map(({ href, label }) => (
          <a className="site-guide" key={href} href={href}>
            {label}
          </a>
        ))}
        <a className="site-search" href="/search">
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path d="M8.5 2a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.8 11.3L18 18" />
          </svg>
          <span>検索</span>
        </a>
        <a className="button button-quiet" href={registerHref('header')}>
          無料登録
        </a>
      </nav>
    </header>
  );
}
