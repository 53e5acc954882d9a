/** All messages of the contract, so that events in `google.protobuf.Any` can be shown as JSON. */
import { createRegistry } from '@bufbuild/protobuf';
import { file_lianbao_approval_v1_approval_events } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { file_lianbao_party_v1_party_events } from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { file_lianbao_scoring_v1_scoring_events } from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';

export const messageRegistry = createRegistry(
  file_lianbao_party_v1_party_events,
  file_lianbao_scoring_v1_scoring_events,
  file_lianbao_approval_v1_approval_events,
);
