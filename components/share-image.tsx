import { site } from '#lib/site.ts';

/** Where the title stands: the fewer its lines, the larger its type may be. */
export const TITLE_BOX = { width: 1056, largest: [136, 112, 92] } as const;

/** The light colours of app/tokens.css: a picture cannot follow its reader's preference. */
export const SHARE_COLORS = { paper: '#ffffff', ink: '#1a1a1a', accent: '#115a36' } as const;

const MARGIN = 72;
/** Half of an opening bracket's square is empty: the line would look indented. */
const OPENS = /^[「『（【]/;

/**
 * The picture of a page, for next/og: style attributes and flex only, because satori knows nothing else. `lines` break
 * where they are broken, at `size` pixels.
 */
export function ShareImage({ label, lines, size }: { label: string; lines: readonly string[]; size: number }) {
  return (
    <div
      style={{
        display: 'flex',
        flexDirection: 'column',
        width: '100%',
        height: '100%',
        background: SHARE_COLORS.paper,
        color: SHARE_COLORS.ink,
      }}
    >
      <div style={{ display: 'flex', flexDirection: 'column', flexGrow: 1, padding: `56px ${MARGIN}px 24px` }}>
        <div style={{ display: 'flex', fontSize: 34, fontWeight: 700, color: SHARE_COLORS.accent }}>{label}</div>
        <div style={{ display: 'flex', flexDirection: 'column', flexGrow: 1, justifyContent: 'center' }}>
          {lines.map((line) => (
            <div
              key={line}
              style={{
                display: 'flex',
                fontSize: size,
                fontWeight: 700,
                lineHeight: 1.32,
                letterSpacing: '-0.02em',
                whiteSpace: 'nowrap',
                marginLeft: OPENS.test(line) ? -size / 2 : 0,
              }}
            >
              {line}
            </div>
          ))}
        </div>
      </div>
      <div
        style={{
          display: 'flex',
          alignItems: 'center',
          height: 108,
          padding: `0 ${MARGIN}px`,
          background: SHARE_COLORS.accent,
          color: SHARE_COLORS.paper,
        }}
      >
        <svg viewBox="0 0 20 20" width="38" height="38" fill={SHARE_COLORS.paper} aria-hidden="true">
          <path d="M0 2h12v4H0zM4 8h12v4H4zM10 14h10v4H10z" />
        </svg>
        <div style={{ display: 'flex', marginLeft: 18, fontSize: 36, fontWeight: 700 }}>{site.name}</div>
        <div style={{ display: 'flex', marginLeft: 'auto', fontSize: 25, fontWeight: 500 }}>{site.tagline}</div>
      </div>
    </div>
  );
}
