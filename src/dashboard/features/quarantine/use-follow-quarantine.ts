import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pipelineQuery } from '../../app/pipeline-query.ts';

/** Fetches what is shown of the quarantine again whenever its numbers changed, here or by somebody else. */
export function useFollowQuarantine(): void {
  const client = useQueryClient();
  const { data } = useQuery(pipelineQuery);
  const numbers = data && Object.values(data.quarantine).join(' ');
  useEffect(() => {
    if (numbers !== undefined) void client.invalidateQueries({ queryKey: ['quarantine'] });
  }, [client, numbers]);
}
