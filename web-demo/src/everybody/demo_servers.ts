// Where the servers of `./sotto demo --sync` are. The page's own server says it, so that the keys come with the page, as
// on a site that pins them.
import type { Servers } from './aggregation';

export async function askForServers(): Promise<Servers> {
  return (await ask('servers.json')).json();
}

/** The key by which this page reads what the leader shows to its operator. */
export async function askForOperatorKey(): Promise<string> {
  return (await ask('operator_key')).text();
}

async function ask(name: string): Promise<Response> {
  const response = await fetch(new URL(`./sync/${name}`, document.baseURI), { cache: 'no-store' });
  if (response.ok && !response.headers.get('Content-Type')?.startsWith('text/html')) return response;
  throw new Error('This page needs two servers beside it. Start them with: ./sotto demo --sync');
}
