// What a link to the page looks like elsewhere. The picture needs an absolute address, which only who publishes the page
// knows: SOTTO_DEMO_ADDRESS, such as https://example.org/demo/. Without it the address is relative, which some sites take.

export function linkPreview() {
  return {
    name: 'link-preview',
    apply: 'build',
    transformIndexHtml() {
      const address = process.env.SOTTO_DEMO_ADDRESS ?? './';
      const named = (property, content) => ({ tag: 'meta', attrs: { property, content }, injectTo: 'head' });
      return [
        named('og:type', 'website'),
        named('og:title', 'Sotto: recommendations that stay on your device'),
        named('og:description', 'A gift shop and a film library that learn what you like, and tell nobody.'),
        ...(address === './' ? [] : [named('og:url', address)]),
        named('og:image', `${address}preview.png`),
        named('og:image:width', '1200'),
        named('og:image:height', '630'),
        named(
          'og:image:alt',
          'Drawn gifts and film posters around the words “Sotto: it learns what you like, and tells nobody”.',
        ),
        { tag: 'meta', attrs: { name: 'twitter:card', content: 'summary_large_image' }, injectTo: 'head' },
      ];
    },
  };
}
