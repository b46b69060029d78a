import './search-form.css';

/** The way to the search page, with what was searched for last. Every sign may be typed, so nothing is checked here. */
export function SearchForm({ words = '' }: { words?: string }) {
  return (
    <search className="search-form">
      <form action="/search">
        <label htmlFor="q">記事の中の言葉</label>
        <div>
          <input
            className="field"
            id="q"
            name="q"
            type="search"
            defaultValue={words}
            enterKeyHint="search"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
          />
          <button className="button" type="submit">
            検索
          </button>
        </div>
      </form>
    </search>
  );
}
