import { explanationsPath } from './error-explanations.ts';

/**
 * Code of a CloudFront function, for the behaviour of pages only: an address without a file's ending is a page of the
 * dashboard, and one document draws them all. Only what each error means has neither an ending nor that document.
 */
export const pageRouter = `function handler(event) {
  var request = event.request;
  if (request.uri === '${explanationsPath}') return request;
  if (!/\\.[a-z0-9]+$/.test(request.uri)) request.uri = '/index.html';
  return request;
}
`;
