// What a run of vitest says at its end: what was left out, what failed, and one line of counts.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * Reads vitest's JSON report; a missing one is one failure.
 *
 * @param status exit code of vitest
 */
export function readResults(path, status) {
  const results = { passed: 0, skipped: [], failures: [] };
  const { testResults } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { testResults: [] };
  for (const { status: fileStatus, assertionResults, name, message } of testResults) {
    const file = relative('.', name);
    // A file that cannot be loaded has no tests to fail.
    if (fileStatus === 'failed' && assertionResults.length === 0) results.failures.push(failure('all', file, message));
    for (const test of assertionResults) add(results, test, file);
  }
  if (status !== 0 && results.failures.length === 0) results.failures.push(`Failed: vitest ended with ${status}\n`);
  return results;
}

function add(results, { status, fullName, failureMessages }, file) {
  if (status === 'passed') results.passed += 1;
  else if (status === 'failed') results.failures.push(failure(fullName, file, failureMessages.join('\n')));
  else results.skipped.push({ test: fullName, file });
}

function failure(test, file, message) {
  return `Failed: ${test} (${file})\n${(message ?? '').slice(0, 1500).replaceAll(/\n\s*\n/g, '\n')}\n`;
}

/**
 * Prints it and sets the exit code. Failures are named again here: thousands of lines may lie between them and the
 * counts.
 *
 * @param leftOut what was left out and why, a line each
 */
export function sayResults({ passed, skipped, failures }, leftOut, isRefused = false) {
  for (const what of leftOut) process.stdout.write(`Left out: ${what}\n`);
  for (const text of failures) process.stdout.write(`${text}\n`);
  if (isRefused) process.stdout.write('In CI nothing that the repository holds may be left out.\n');
  if (failures.length > 0 || passed === 0 || isRefused) process.exitCode = 1;
  const also = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  process.stdout.write(`${passed} passed, ${failures.length} failed${also}\n`);
}
