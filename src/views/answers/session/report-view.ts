import type { ReportData } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import { fitLines, type Line, type ViewOptions } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

const headline = ({ file, answers }: ReportData): string =>
  t('Report of {answers} written to {file}.', { answers: plural(answers, 'answer'), file: file ?? '' });

export const reportView = (data: ReportData, width: number, _: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    data.text !== null
      ? sentence(data.text.trim(), width)
      : [
          ...sentence(headline(data), width, 'bold'),
          ...(data.differing === 0
            ? []
            : sentence(
                t('{answers} differ from the recording or could not be given.', {
                  answers: plural(data.differing, 'answer'),
                }),
                width,
                'warn',
              )),
          ...sentence(
            data.masked
              ? t('Users, events and searched text are masked; --reveal shows them.')
              : t('Users, events and searched text stand in it as they are; only its owner may read it.'),
            width,
            'dim',
          ),
        ],
    width,
    height,
  );
