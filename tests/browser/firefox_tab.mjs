// The process of a tab of Firefox, which WebDriver BiDi has no command for: Linux tells of it in /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** Processes of pages, of browsers that this process has started: how long each has worked, in ticks of 10 ms. */
function pageProcesses() {
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // After the name in parentheses: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
        .map(Number);
      const isPages = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(' -isForBrowser');
      all.set(Number(name), { parent: fields[1], ticks: fields[11] + fields[12], isPages });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (id) => id === process.pid || (all.has(id) && isOurs(all.get(id).parent));
  return new Map([...all].filter(([id, { isPages }]) => isPages && isOurs(id)));
}

/** Gives the process of a page: the one that works while the page works. */
export async function processOf(page) {
  const before = pageProcesses();
  for (;;) {
    await page.evaluate(() => {
      for (const end = performance.now() + 100; performance.now() < end; );
    });
    const worked = [...pageProcesses()].map(([id, { ticks }]) => [id, ticks - (before.get(id)?.ticks ?? 0)]);
    const [[id, most], [, next] = [0, 0]] = worked.sort(([, a], [, b]) => b - a);
    if (most >= 5 && most >= 3 * next) return id;
  }
}
