/** Characters kept of what people or targets wrote; together they stay far below what any provider takes. */
export const kept = {
  title: 120,
  message: 300,
  condition: 200,
  value: 100,
  excerpt: 300,
  comment: 1_000,
  footer: 200,
};
