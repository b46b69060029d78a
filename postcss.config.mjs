// Next minifies style sheets itself.
export default { plugins: { '@tailwindcss/postcss': { optimize: false } } };
