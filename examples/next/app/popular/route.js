import { join } from 'node:path';
import { Recommender, memoryStore } from 'sotto';

// On the server: what everybody likes, from the model's file. It keeps nothing of anybody.
export const dynamic = 'force-dynamic';
let opening;

export async function GET() {
  opening ??= Recommender.open(join(process.cwd(), 'public/model.safetensors'), { store: memoryStore() });
  const recommender = await opening;
  return Response.json(recommender.popular(5));
}
