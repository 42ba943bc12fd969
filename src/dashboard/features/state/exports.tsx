import { type QueryParameters, reportUrl } from '../../app/api.ts';
import { Download } from '../../components/download.tsx';
import { DownloadIcon } from '../../components/icons.tsx';

/** The formats that have every row; a JSON answer has a limit. */
const formats = { csv: 'CSV', xlsx: 'Excel', parquet: 'Parquet' } as const;

/** Links that save a report with the same parameters as a file; a file is never cut. */
export function Exports({ report, parameters }: { report: string; parameters: QueryParameters }) {
  return (
    <div className="exports">
      <DownloadIcon />
      {(Object.keys(formats) as (keyof typeof formats)[]).map((format) => (
        <Download
          key={format}
          href={reportUrl(report, parameters, format)}
          name={`${report}.${format}`}
          label={`Download as ${formats[format]}`}
        >
          {formats[format]}
        </Download>
      ))}
    </div>
  );
}
