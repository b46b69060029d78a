import '#server-only';
import { parentPort } from 'node:worker_threads';
import { compile } from './compile.ts';
import { listContent } from './folder.ts';
import { takeDrawing } from './images/drawing.ts';
import { inspect } from './inspect.ts';
import { lookAt, type Task } from './workshop.ts';

// The entry of the thread that lib/articles/workshop-thread.ts starts; nothing imports it.
parentPort?.on('message', (task: Task) => parentPort?.postMessage(perform(task)));
parentPort?.postMessage('loaded');

function perform(task: Task) {
  switch (task.kind) {
    case 'compile':
      return compile(task.source);
    case 'look':
      return lookAt(compile(task.source));
    case 'inspect':
      return inspect(task.source, task.figures);
    case 'list':
      return listContent(task.root);
    case 'drawing':
      return takeDrawing(task.file);
  }
}
