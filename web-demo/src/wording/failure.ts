import { SottoError } from 'sotto';

/** What a visitor can do; addresses of files are for developers, who find them in the console. */
export function failureInWords(error: unknown): string {
  if (!(error instanceof SottoError)) return 'Something unexpected happened. Reload the page; the console says more.';
  switch (error.code) {
    case 'network':
    case 'io':
      return 'A part of the page could not be downloaded. Check the connection, then try again.';
    case 'interrupted':
      return 'Opening was interrupted. Try again.';
    case 'wrong_module':
      return 'The parts of the page do not belong together: it was probably being updated. Try again in a minute.';
    default:
      return error.message.replace(/(?:https?|file|blob|data):[^\s“”"')]+/g, 'the file').replace(/\(the file\)/g, '');
  }
}
