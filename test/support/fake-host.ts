import { asResult, type PartialAnswer } from './partial-answer.ts';
import type { ArgValues } from '../../src/console/command.ts';
import type { PlainError } from '../../src/errors.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import type { Host, HostReply, HostRequest, WorkspaceInfo } from '../../src/state/protocol.ts';

export type Answer = (command: string, args: ArgValues, baseQuery: RecallQuery | null) => PartialAnswer | PlainError;

const isResult = (answer: PartialAnswer | PlainError): answer is PartialAnswer => 'schema' in answer;

/** A host that answers from a function, later, in order; `hold` keeps answers back until `release`. */
export class FakeHost implements Host {
  readonly requests: HostRequest[] = [];
  closed = false;
  hold = false;
  private held: Array<() => void> = [];
  private reply: (reply: HostReply) => void = () => undefined;
  gone: (error: PlainError) => void = () => undefined;

  constructor(
    private readonly info: WorkspaceInfo,
    private readonly answer: Answer,
    private readonly refuse: PlainError | null = null,
  ) {}

  listen(reply: (reply: HostReply) => void, gone: (error: PlainError) => void): void {
    this.reply = reply;
    this.gone = gone;
  }

  send(request: HostRequest): void {
    this.requests.push(request);
    if (request.type === 'open') {
      const { refuse } = this;
      this.later(() => {
        this.reply(
          refuse === null
            ? { type: 'opened', id: request.id, workspace: this.info }
            : { type: 'failed', id: request.id, error: refuse },
        );
      });
    }
    if (request.type === 'call')
      this.later(() => {
        this.reply(this.answered(request));
      });
  }

  release(): void {
    const held = this.held;
    this.held = [];
    for (const run of held) run();
  }

  get calls(): ReadonlyArray<Extract<HostRequest, { type: 'call' }>> {
    return this.requests.filter((r) => r.type === 'call');
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  private later(run: () => void): void {
    if (this.hold) this.held.push(run);
    else setImmediate(run);
  }

  private answered({ id, command, args, baseQuery }: Extract<HostRequest, { type: 'call' }>): HostReply {
    const answer = this.answer(command, args, baseQuery);
    return isResult(answer)
      ? { type: 'result', id, result: asResult(answer), backend: 'wasm' }
      : { type: 'failed', id, error: answer };
  }
}
