import { file, glob } from 'astro/loaders';
import { defineCollection } from 'astro:content';
import { z } from 'astro/zod';

const content = `${process.env.PEER_WORK}/content`;

/** A day in front matter begins at midnight in Japan. */
const day = z.coerce.date().transform((utc) => new Date(utc.getTime() - 9 * 3_600_000));

const articles = defineCollection({
  loader: glob({ base: `${content}/articles`, pattern: '*.mdx' }),
  schema: z.object({
    title: z.string(),
    description: z.string(),
    publishedAt: day,
    updatedAt: day.optional(),
    author: z.string(),
    category: z.string(),
    disclosure: z.enum(['none', 'pr', 'affiliate']),
    minutes: z.number(),
    tags: z.array(z.string()).default([]),
    related: z.array(z.string()),
    older: z.string().optional(),
    newer: z.string().optional(),
  }),
});
const authors = defineCollection({
  loader: glob({ base: `${content}/authors`, pattern: '*.yaml' }),
  schema: z.object({ name: z.string(), kind: z.enum(['organization', 'person']), summary: z.string() }),
});
const categories = defineCollection({ loader: file(`${content}/categories.yaml`), schema: z.object({ name: z.string() }) });
const figures = defineCollection({
  loader: file(`${content}/figures.yaml`),
  schema: z.object({ value: z.number(), unit: z.string(), asOf: day }),
});

export const collections = { articles, authors, categories, figures };
