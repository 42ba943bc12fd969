import { reportFormats } from '../../../contract/report.ts';
import { type ReportParameters, reportUrl } from '../../app/api.ts';
import { DownloadIcon } from '../../components/icons.tsx';

const titles = { csv: 'CSV', parquet: 'Parquet', json: 'JSON' } as const;
const order = [...reportFormats].sort();

/** Links that save a report with the same parameters as a file; a file is never cut. */
export function Exports({ report, parameters }: { report: string; parameters: ReportParameters }) {
  return (
    <div className="exports">
      <DownloadIcon />
      {order.map((format) => (
        <a
          key={format}
          href={reportUrl(report, parameters, format)}
          download={`${report}.${format}`}
          aria-label={`Download as ${titles[format]}`}
        >
          {titles[format]}
        </a>
      ))}
    </div>
  );
}
