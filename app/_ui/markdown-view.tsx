'use client';

import type { ComponentProps } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

type Props<Tag extends 'a' | 'img'> = ComponentProps<Tag> & { node?: unknown };

/** Leaves the console in a window of its own, which learns nothing of this one. */
function Link({ node: _node, href, children }: Props<'a'>) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="text-accent underline">
      {children}
    </a>
  );
}

/** Nothing is asked of another host because somebody looks at a text: a picture is a link to it. */
function Picture({ src, alt }: Props<'img'>) {
  return typeof src === 'string' ? <Link href={src}>{alt || src}</Link> : (alt ?? null);
}

const COMPONENTS: Components = { a: Link, img: Picture, h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6' };

/** React elements of sanitised Markdown; HTML in it is shown as nothing, and no markup is ever given to the page as text. */
export default function MarkdownView({ text }: { text: string }) {
  return (
    <Markdown
      remarkPlugins={[remarkGfm]}
      rehypePlugins={[[rehypeSanitize, defaultSchema]]}
      components={COMPONENTS}
      skipHtml
    >
      {text}
    </Markdown>
  );
}
