/** Files on their way to the server, with how far they are: `fetch` does not tell that, so that these go by XMLHttpRequest. */
import type { ApiFault } from '../../../../api/plain-shapes.ts';
import { ApiProblem, apiUrl } from '../../api.ts';

export interface Upload {
  /** Below the root. */
  readonly path: string;
  readonly file: File;
  readonly isOverwriting: boolean;
  /** @param sent octets of it that are on the way. */
  onProgress(sent: number): void;
  readonly signal: AbortSignal;
}

/**
 * Puts a file below the root.
 * @throws ApiProblem 412: a file of that name is there, and `isOverwriting` is not set.
 */
export function upload({ path, file, isOverwriting, onProgress, signal }: Upload): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', apiUrl(`/files/${path.split('/').map(encodeURIComponent).join('/')}`));
    request.setRequestHeader('content-type', 'application/octet-stream');
    if (!isOverwriting) request.setRequestHeader('if-none-match', '*');
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(problemIn(request))));
    request.addEventListener('error', () => reject(new ApiProblem(0, `The connection broke while ${file.name} was on its way.`)));
    request.addEventListener('abort', () => reject(new ApiProblem(0, `${file.name} was stopped.`)));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function problemIn({ status, statusText, responseText }: XMLHttpRequest): ApiProblem {
  try {
    const { error, details } = JSON.parse(responseText) as ApiFault;
    return new ApiProblem(status, error, details);
  } catch {
    return new ApiProblem(status, `The server answers ${status} ${statusText}`.trim());
  }
}
