// How far a file has come. Loaded where a page wants to know.
import type { LoadProgress } from './model_download.js';

/** Reads an answer, and tells of the bytes that have come, and of how many there will be where that is known. */
export async function readWithProgress(
  response: Response,
  tell: (progress: LoadProgress) => void,
): Promise<ArrayBuffer> {
  const { headers, body } = response;
  if (body === null) return response.arrayBuffer();
  // The length of a compressed answer is not that of the file.
  const length = headers.has('content-encoding') ? 0 : Number(headers.get('content-length'));
  const parts: Uint8Array[] = [];
  let loaded = 0;
  const tellLoaded = () => tell(length > 0 && loaded <= length ? { loaded, total: length } : { loaded });
  tellLoaded();
  const reader = body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    loaded += read.value.byteLength;
    if (loaded !== length) tellLoaded(); // Whoever has the whole file knows its length.
  }
  return new Blob(parts as BlobPart[]).arrayBuffer();
}
