import { type ReportParameters, reportUrl } from '../../app/api.ts';
import { DownloadIcon } from '../../components/icons.tsx';

/** The formats that have every row; a JSON answer has a limit. */
const formats = { csv: 'CSV', xlsx: 'Excel', parquet: 'Parquet' } as const;

/** Links that save a report with the same parameters as a file; a file is never cut. */
export function Exports({ report, parameters }: { report: string; parameters: ReportParameters }) {
  return (
    <div className="exports">
      <DownloadIcon />
      {(Object.keys(formats) as (keyof typeof formats)[]).map((format) => (
        <a
          key={format}
          href={reportUrl(report, parameters, format)}
          download={`${report}.${format}`}
          aria-label={`Download as ${formats[format]}`}
        >
          {formats[format]}
        </a>
      ))}
    </div>
  );
}
